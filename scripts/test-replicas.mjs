// `npm run test:replicas -- --seconds 120 --seed 1`: three replicas as processes, killed and cut off from their stores again and again.
// The stores: those that EVENTSTORE_URL and MONGODB_URI name (single servers on loopback), else the test servers of test/support.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '120' },
    seed: { type: 'string', default: String(Date.now() % 100_000) },
  },
});
if (!(Number(values.seconds) > 0)) {
  process.stderr.write('--seconds: must be a number of seconds\n');
  process.exit(1);
}

const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
const { status } = spawnSync(process.execPath, [jest, '--config', 'jest.replicas.config.mjs'], {
  stdio: 'inherit',
  env: {
    ...process.env,
    REPLICAS_SECONDS: values.seconds,
    REPLICAS_SEED: values.seed,
    NODE_OPTIONS: '--experimental-vm-modules --no-warnings',
  },
});
process.exit(status ?? 1);
