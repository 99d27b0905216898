import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AesPersonalData } from '../../src/adapters/crypto/aes-personal-data.js';
import { openEventStoreDb } from '../../src/adapters/eventstoredb/open-event-store-db.js';
import { openMongoStores } from '../../src/adapters/mongodb/stores.js';
import { SystemClock } from '../../src/adapters/system/system-clock.js';
import { partitionCount } from '../../src/application/followers/partitions.js';
import { tokenOf } from '../service/start-service.js';
import { Chance } from './chance.js';
import { gatherFrom, type Evidence, type Sources } from './evidence.js';
import { allReady, durations, encryptionKey, openFleet, type Fleet } from './fleet.js';
import { isAcknowledged } from './ledger.js';
import { promises } from './reckoning.js';
import { Shopper } from './shopper.js';
import { makeTrouble, type Harm } from './troubles.js';

export interface RunOptions {
  readonly seconds: number;
  readonly seed: string;
  /** For people who watch. */
  readonly say: (line: string) => void;
}

const shoppers = 40;
const settlesWithinMs = 150_000;

/** Shops under fire for so many seconds, lets everything settle, and hands over what there is to judge by. */
export const runUnderTrouble = async ({ seconds, seed, say }: RunOptions): Promise<Evidence> => {
  const fleet = await openFleet(`replicas-${seed}-${Date.now().toString(36)}`);
  try {
    for (const replica of fleet.replicas) replica.begin();
    await allReady(fleet);
    say(`Three replicas for ${seconds} s, seed ${seed}`);
    await makeMidtransUnreliable(fleet);
    const harm = await shopUnderFire(fleet, new Chance(seed), seconds * 1_000);
    say(harmText(harm, fleet));
    await fleet.simulator.noFaults();
    const evidence = await settled(fleet, say);
    say(figuresText(evidence));
    return evidence;
  } catch (error) {
    say(`What the replicas wrote is kept in ${kept(fleet.replicas.map((replica) => replica.lines()))}`);
    throw error;
  } finally {
    await fleet.close();
  }
};

const makeMidtransUnreliable = async ({ simulator }: Fleet): Promise<void> => {
  for (const path of ['/v2/charge', '/snap/v1/transactions', '/v2/*/refund', '/v2/*/cancel', '/v2/capture']) {
    await simulator.fault({ path, kind: 'drop_after_commit', probability: 0.06 });
    await simulator.fault({ path, kind: 'drop_before', probability: 0.03 });
    await simulator.fault({ path, kind: 'status', status: 503, probability: 0.02 });
    await simulator.fault({ path, kind: 'html', status: 502, probability: 0.02 });
    await simulator.fault({ path, kind: 'status', status: 429, probability: 0.02 });
    await simulator.fault({ path, kind: 'delay', delay_ms: 1_500, probability: 0.05 });
  }
  await simulator.fault({ path: '/v2/*/status', kind: 'status', status: 500, probability: 0.05 });
  await simulator.fault({ notifications: { duplicate: 0.15, reorder: 0.15, lose: 0, delay_ms: 0 } });
};

const shopUnderFire = async (fleet: Fleet, chance: Chance, forMs: number): Promise<Harm> => {
  const signal = AbortSignal.timeout(forMs);
  const { replicas, simulator, ledger } = fleet;
  const shopping = Array.from({ length: shoppers }, async (_, n) => {
    const name = `shopper-${n}`;
    const token = await tokenOf(name, 'customer', 'finance');
    await new Shopper({ name, token, replicas, simulator, ledger, chance: chance.of(name), signal }).run();
  });
  const [harm] = await Promise.all([makeTrouble(fleet, chance.of('troubles'), signal), ...shopping]);
  return harm;
};

/** Until nothing is wrong any more, or for so long; what is not settled then is what is found. */
const settled = async (fleet: Fleet, say: RunOptions['say']): Promise<Evidence> => {
  const { eventStoreUrl, streamPrefix, mongoUri, database } = fleet.stores;
  const events = await openEventStoreDb({ connectionString: eventStoreUrl, streamPrefix });
  const mongo = await openMongoStores({ uri: mongoUri, database });
  const personalData = new AesPersonalData(mongo.wrappedKeys, [encryptionKey], new SystemClock());
  const { eventFeed } = events;
  const sources = { ...mongo, records: mongo.documents, eventFeed, personalData, simulator: fleet.simulator };
  try {
    const lastSaid = await quiet(sources, fleet, say);
    const exits = await Promise.all(fleet.replicas.map((replica) => replica.stop()));
    return await judged(sources, fleet, lastSaid, exits);
  } finally {
    await Promise.all([events.close(), mongo.close()]);
  }
};

/** As Midtrans' schedule has it (midtrans-facts 7.2), in seconds of its own clock. */
const repeatsAfter = [120, 600, 1_800, 5_400, 12_600];

/** Resolves to what the replicas said last of their readiness. */
const quiet = async (sources: Sources, fleet: Fleet, say: RunOptions['say']): Promise<readonly string[]> => {
  const deadline = performance.now() + settlesWithinMs;
  const goodbyes = fleet.replicas.map(() => 0);
  for (let rounds = 0; ; rounds += 1) {
    const isDue = (await sources.simulator.notifications()).some(({ state }) => state === 'due');
    const said = await Promise.all(fleet.replicas.map(async (replica) => (await replica.readiness()) ?? 'no answer'));
    const findings = findingsOf(await judged(sources, fleet, said, goodbyes));
    if (findings.length === 0 || performance.now() > deadline) return said;
    if (rounds % 5 === 0) say(`Not settled yet: ${findings.length}, for one: ${findings[0]}`);
    // Doubts first: Midtrans' clock must not run away while it is asked about what it did a moment ago.
    const inDoubt = findings.some((line) => line.endsWith('found in doubt'));
    if (isDue && !inDoubt) await sources.simulator.advance(repeatsAfter[rounds % repeatsAfter.length] ?? 0);
    await sleep(2_000);
  }
};

const judged = async (
  sources: Sources,
  { ledger, replicas }: Fleet,
  said: readonly string[],
  exits: readonly (number | null | undefined)[],
): Promise<Evidence> => ({
  ...(await gatherFrom(sources)),
  answers: ledger.answers,
  deliveries: ledger.deliveries,
  durations,
  partitions: partitionCount,
  replicas: replicas.map((replica, n) => ({
    name: replica.name,
    lines: replica.lines(),
    ownEnds: replica.ownEnds,
    readiness: said[n] ?? 'no answer',
    exitStatus: exits[n],
  })),
});

export const findingsOf = (evidence: Evidence): readonly string[] =>
  Object.values(promises).flatMap((findings) => findings(evidence));

/** For whoever has to find out why. Answers the path. */
export const kept = (evidence: unknown): string => {
  const path = join(mkdtempSync(join(tmpdir(), 'payments-replicas-')), 'evidence.json');
  writeFileSync(path, JSON.stringify(evidence, undefined, 1));
  return path;
};

const harmText = ({ kills, cuts, faults }: Harm, { replicas }: Fleet): string => {
  const lines = Object.entries(cuts).map(([what, times]) => `${times} x ${what}`);
  const givenUp = replicas.reduce((sum, { startsGivenUp }) => sum + startsGivenUp, 0);
  return `${kills} kills; ${givenUp} starts given up; cut off: ${lines.join(', ')}; ${faults} faults of EventStoreDB`;
};

const figuresText = ({ answers, deliveries, events, inbox, payments, transactions }: Evidence): string => {
  const distinct = (what: string): number =>
    new Set(
      answers
        .filter((answer) => answer.what === what && isAcknowledged(answer))
        .map(({ orderId, refundKey }) => refundKey ?? orderId),
    ).size;
  const lost = answers.filter(({ status }) => status === null).length;
  const unavailable = answers.filter(({ status }) => status === 503).length;
  const stored = deliveries.filter(({ status }) => status === 200).length;
  return [
    `${distinct('make')} payments and ${distinct('refunds')} refunds acknowledged in ${answers.length} answers`,
    `(${lost} lost, ${unavailable} unavailable); ${stored} of ${deliveries.length} notifications acknowledged;`,
    `${events.length} events (${inbox.length} notifications), ${payments.length} payments, ${transactions.length} charges`,
  ].join(' ');
};
