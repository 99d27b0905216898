import type { Fault } from './faults.js';
import { TestEventStoreDb } from './test-event-store-db.js';

// The test server as a process: `node test/support/eventstoredb/start.mjs [port]`. Prints its connection string, and ends with its
// parent's end of input or a signal. A parent with an IPC channel sends commands.

/** What a parent process may send. */
type Command = { readonly arm: Fault } | 'heal' | 'drop-subscriptions' | 'stop' | 'resume';

const server = await TestEventStoreDb.start({ port: Number(process.argv[2] ?? 0) });
process.stdout.write(`${server.connectionString}\n`);

const obey = async (command: Command): Promise<void> => {
  if (command === 'heal') server.faults.heal();
  else if (command === 'drop-subscriptions') server.dropSubscriptions();
  else if (command === 'stop') await server.stop();
  else if (command === 'resume') await server.resume();
  else server.arm(command.arm);
  process.send?.('done');
};

process.on('message', (command: Command) => void obey(command));
