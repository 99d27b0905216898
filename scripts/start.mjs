// `npm start`: builds what changed, then starts the service and, under `mock`, the Midtrans simulator.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const typescript = dirname(createRequire(import.meta.url).resolve('typescript/package.json'));

const built = spawnSync(process.execPath, [join(typescript, 'bin', 'tsc'), '-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
});
if (built.status !== 0) {
  process.stderr.write('The build failed; see above.\n');
  process.exit(1);
}

await import(pathToFileURL(join(root, 'dist/src/infrastructure/start.js')).href);
