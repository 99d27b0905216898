import { verifyLogFile, verifyRecordFiles, type Finding, type Progress } from '../../adapters/embedded/verify.js';
import { SystemClock } from '../../adapters/system/system-clock.js';
import { methodProjection } from '../../application/methods/method-projection.js';
import { inboxStreamPrefix } from '../../application/notifications/inbox-events.js';
import { verifyInbox } from '../../application/notifications/verify-inbox.js';
import { paymentCollection } from '../../application/payments/payment-collection.js';
import { paymentStreamPrefix } from '../../application/payments/payment-identity.js';
import { paymentProjection } from '../../application/payments/payment-projection.js';
import type { Projection } from '../../application/projections/projection.js';
import { verifyOrigins, verifyReadModel, type StreamFinding } from '../../application/projections/verify-read-model.js';
import { readSettings, type Settings } from '../config.js';
import { openStores, type Stores } from '../stores.js';
import { eventsIn, progressBar, readArgs, say, type CliCommand } from './command.js';

/** What a check tells; a name says what its progress is counted in. */
type Told = Finding | StreamFinding | (Progress & { readonly of: string });

/** Everything that the start does not look at (design D7); also beside running services. Exit status 1 when something is wrong. */
export const verifyCommand: CliCommand = {
  name: 'verify',
  usage: '',
  does: 'checks that log and read models are whole',
  async run(args) {
    const { values } = readArgs(args, { json: { type: 'boolean', default: false } });
    const settings = readSettings(process.env);
    const events = new Map<string, number>();
    let findings = 0;
    for await (const told of checksOf(settings)) {
      if (told.type === 'progress') {
        events.set(told.of, told.done);
        progressBar(told.of)(told.done, told.total);
        continue;
      }
      findings += 1;
      say(values.json ? JSON.stringify(told) : `${'file' in told ? told.file : told.stream}: ${told.message}`);
    }
    // A log that is looked at whole has the events of all streams in it.
    const seen = events.get(allEvents) ?? [...events.values()].reduce((sum, count) => sum + count, 0);
    say(values.json ? resultJson(settings, seen, findings) : resultLine(settings, seen, findings));
    return findings === 0 ? 0 : 1;
  },
};

const allEvents = 'events';

async function* checksOf(settings: Settings): AsyncGenerator<Told, void> {
  let isWhole = true;
  for await (const told of checksOfFiles(settings)) {
    isWhole &&= told.type === 'progress';
    yield told;
  }
  // A damaged file may not even open for more.
  if (isWhole) yield* checksOfReadModels(settings);
}

async function* checksOfFiles({ dataDir, eventStoreDb, mongoDb }: Settings): AsyncGenerator<Told, void> {
  if (mongoDb === null) yield* verifyRecordFiles(dataDir);
  if (eventStoreDb === null) yield* counted(allEvents, verifyLogFile(dataDir));
}

async function* checksOfReadModels(settings: Settings): AsyncGenerator<Told, void> {
  const stores = await openStores(settings, { readOnly: true });
  try {
    yield* verifyProjection(paymentProjection(settings.durations), stores);
    yield* verifyOrigins(paymentCollection, 'newest', (id) => paymentStreamPrefix + id, stores);
    yield* verifyProjection(methodProjection, stores);
    yield* verifyNotifications(stores);
  } finally {
    await stores.close();
  }
}

async function* counted(
  of: string,
  checks: AsyncIterable<Finding | Progress>,
): AsyncGenerator<Finding | (Progress & { readonly of: string }), void> {
  for await (const told of checks) yield told.type === 'progress' ? { ...told, of } : told;
}

async function* verifyProjection<Fold>(projection: Projection<Fold>, stores: Stores): AsyncGenerator<Told, void> {
  const total = await eventsIn(stores.eventFeed, projection);
  for await (const told of verifyReadModel(projection, { ...stores, clock: new SystemClock() }))
    yield told.type === 'progress' ? { ...told, total, of: projection.name } : told;
}

async function* verifyNotifications(stores: Stores): AsyncGenerator<Told, void> {
  const total = await eventsIn(stores.eventFeed, { streamPrefixes: [inboxStreamPrefix] });
  for await (const told of verifyInbox(stores))
    yield told.type === 'progress' ? { ...told, total, of: 'notifications' } : told;
}

/** Where it was looked; connection strings may hold passwords. */
const placesOf = ({ dataDir, eventStoreDb, mongoDb }: Settings): readonly string[] => [
  ...new Set([eventStoreDb ? 'EventStoreDB' : dataDir, mongoDb ? 'MongoDB' : dataDir]),
];

const resultLine = (settings: Settings, events: number, findings: number): string => {
  const places = placesOf(settings);
  const where = places.join(' and ');
  if (findings > 0) return `${where}: ${findings} findings in ${events} events`;
  return `${where} ${places.length === 1 ? 'is' : 'are'} whole: ${events} events`;
};

const resultJson = (settings: Settings, events: number, findings: number): string => {
  const folder = settings.eventStoreDb && settings.mongoDb ? null : settings.dataDir;
  return JSON.stringify({ type: 'result', folder, stores: placesOf(settings), events, findings });
};
