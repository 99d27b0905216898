import { openDataFolder } from '../../src/adapters/embedded/data-folder.js';
import { SystemIds } from '../../src/adapters/system/system-ids.js';

/**
 * A process that appends as fast as it can until it is killed, and prints each acknowledged append: `stream revision id id …`.
 * Its streams: histories that are continued at the exact revision, new ones, and two that all share without expecting anything.
 */
const [, , folder = '', life = ''] = process.argv;
const { eventLog } = openDataFolder({ folder });
const ids = new SystemIds();

const someEvents = (count: number) =>
  Array.from({ length: count }, (_, n) => ({
    id: ids.next(),
    type: 'PaymentPending',
    version: 1,
    data: { life, n, text: 'x'.repeat(n % 2 ? 50 : 1_500) },
    metadata: {},
  }));

const acknowledge = (stream: string, revision: number, events: readonly { readonly id: string }[]): void => {
  process.stdout.write(`${[stream, revision, ...events.map(({ id }) => id)].join(' ')}\n`);
};

const continueStream = async (stream: string): Promise<void> => {
  let head = (await eventLog.read(stream)).length - 1;
  for (let n = 0; ; n += 1) {
    const events = someEvents(1 + (n % 3));
    const result = await eventLog.append(stream, events, head < 0 ? 'none' : head);
    if (result.type === 'conflict') throw new Error(`${stream}: ${result.actual} though only this process writes it`);
    head = result.revision;
    acknowledge(stream, head, events);
  }
};

const beginStreams = async (worker: number): Promise<void> => {
  for (let n = 0; ; n += 1) {
    const [stream, events] = [`payment-${life}-${worker}-${n}`, someEvents(2)];
    const result = await eventLog.append(stream, events, 'none');
    if (result.type === 'appended') acknowledge(stream, result.revision, events);
  }
};

const share = async (stream: string): Promise<void> => {
  for (;;) {
    const events = someEvents(4);
    const result = await eventLog.append(stream, events, 'any');
    if (result.type === 'appended') acknowledge(stream, result.revision, events);
  }
};

process.stdout.write('open\n');
await Promise.all([
  ...Array.from({ length: 12 }, (_, n) => continueStream(`payment-kept-${n}`)),
  ...Array.from({ length: 4 }, (_, n) => beginStreams(n)),
  ...Array.from({ length: 8 }, (_, n) => share(`inbox-${n % 2}`)),
]);
