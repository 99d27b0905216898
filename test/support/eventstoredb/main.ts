import type { Fault } from './faults.js';
import { TestEventStoreDb } from './test-event-store-db.js';

// The test server as a process: `node test/support/eventstoredb/start.mjs [port]`. It says its connection string and serves until it
// is told to stop. A parent with an IPC channel (server-process.ts) may send commands; the server ends with it.

/** What a parent process may send. */
export type Command = { readonly arm: Fault } | 'heal' | 'drop-subscriptions' | 'stop' | 'resume';

const server = await TestEventStoreDb.start({ port: Number(process.argv[2] ?? 0) });
process.stdout.write(`${server.connectionString}\n`);
process.send?.(server.connectionString);

const obey = async (command: Command): Promise<void> => {
  if (command === 'heal') server.faults.heal();
  else if (command === 'drop-subscriptions') server.dropSubscriptions();
  else if (command === 'stop') await server.stop();
  else if (command === 'resume') await server.resume();
  else server.arm(command.arm);
  process.send?.('done');
};

process.on('message', (command: Command) => void obey(command));
process.on('disconnect', () => process.exit());
