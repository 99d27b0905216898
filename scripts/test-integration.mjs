// `npm run test:integration`: the contract suites and journeys against real servers. It fails, and never skips, without them.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';

const missing = ['EVENTSTORE_URL', 'MONGODB_URI'].filter((name) => !process.env[name]);
for (const name of missing) process.stderr.write(`${name}: must name a running server\n`);
if (missing.length > 0) process.exit(1);

const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
const { status } = spawnSync(process.execPath, [jest, '--config', 'jest.integration.config.mjs'], {
  stdio: 'inherit',
  env: { ...process.env, NODE_OPTIONS: '--experimental-vm-modules --no-warnings' },
});
process.exit(status ?? 1);
