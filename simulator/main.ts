import { join } from 'node:path';
import { UnusableSettings, readSettings } from './settings.js';
import { startSimulator } from './start-simulator.js';
import type { RunningSimulator } from './start-simulator.js';
import { makeFolder } from './store/make-folder.js';
import { UnusableDataFile } from './store/store.js';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const start = async (): Promise<void> => {
  // It remembers customers' names and addresses, which are nobody else's to read.
  process.umask(0o077);
  const settings = readSettings(process.env);
  makeFolder(settings.dataDir);
  const simulator = await startSimulator({ ...settings, dataFile: join(settings.dataDir, 'simulator.db') });
  stopOnSignals(simulator);
  say(`Midtrans simulator on ${simulator.url}`);
  say(`  server key     ${simulator.serverKey}`);
  say(`  client key     ${simulator.clientKey}`);
  say(`  notifications  ${settings.notificationUrl ?? 'nowhere: set MIDTRANS_NOTIFICATION_URL'}`);
};

const stopOnSignals = (simulator: RunningSimulator): void => {
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    void simulator.close().then(() => process.exit(0), fail);
  };
  process.on('SIGTERM', stop);
  if (!process.connected) return void process.on('SIGINT', stop);
  // Beside a service, which may still be calling: Ctrl-C reaches both at once, so whoever started both says when.
  process.on('SIGINT', () => undefined);
  process.on('disconnect', stop);
};

const fail = (error: unknown): never => {
  process.stderr.write(`${explain(error)}\n`);
  process.exit(1);
};

const explain = (error: unknown): string => {
  if (error instanceof UnusableSettings || error instanceof UnusableDataFile) return error.message;
  if (!(error instanceof Error)) return String(error);
  const { code, port, path } = error as NodeJS.ErrnoException & { port?: number };
  if (code === 'EADDRINUSE') return `SIMULATOR_PORT: port ${port} is taken, choose another`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return 'SIMULATOR_HOST: this machine has no such address';
  if (code === 'EACCES' && port !== undefined) return `SIMULATOR_PORT: port ${port} may not be used by this user`;
  if (path !== undefined) return `DATA_DIR: ${error.message}`;
  return error.stack ?? error.message;
};

await start().catch(fail);
