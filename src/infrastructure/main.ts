import { PinoJournal } from '../adapters/pino/pino-journal.js';
import { StoreRefused, StoreUnavailable } from '../application/ports/event-log.js';
import { readConfig, secretsIn } from './config.js';
import { startService, type RunningService } from './service.js';
import { UnusableConfiguration } from './variables.js';

// The service's process.

const start = async (): Promise<void> => {
  // What it writes under DATA_DIR is nobody else's to read.
  process.umask(0o077);
  const config = readConfig(process.env);
  const journal = new PinoJournal({ service: config.serviceName, level: config.logLevel, secrets: secretsIn(config) });
  const service = await startService(config, journal);
  stopOnSignals(service, journal);
  // `npm start` waits for this before it tells where the service is.
  process.send?.('listening');
};

const stopOnSignals = (service: RunningService, journal: PinoJournal): void => {
  let stopping = false;
  const stop = (signal: string): void => {
    if (stopping) return;
    stopping = true;
    journal.info(`Stopping on ${signal}: open requests may finish, nothing new is taken`);
    void service.close().then(() => process.exit(0), fail);
  };
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGINT', () => stop('SIGINT'));
  // Of `npm start`, which is gone, by whatever death.
  process.on('disconnect', () => stop('disconnect'));
};

const explain = (error: unknown): string => {
  if (error instanceof UnusableConfiguration || error instanceof StoreRefused) return error.message;
  if (error instanceof StoreUnavailable)
    return `EVENTSTORE_URL or MONGODB_URI: a store does not answer: ${error.message}`;
  if (!(error instanceof Error)) return String(error);
  const { code, port } = error as NodeJS.ErrnoException & { port?: number };
  if (code === 'EADDRINUSE') return `PORT: port ${port} is taken by another program; stop it or choose another PORT`;
  if (code === 'EACCES' && port !== undefined)
    return `PORT: port ${port} may not be used by this user; choose one above 1023`;
  return error.stack ?? error.message;
};

const fail = (error: unknown): never => {
  process.stderr.write(`${explain(error)}\n`);
  process.exit(1);
};

await start().catch(fail);
