import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { alone } from '../../src/application/followers/partitions.js';
import type { StoredDocument } from '../../src/application/ports/documents.js';
import type { StoredEvent } from '../../src/application/ports/event-log.js';
import type { JsonObject } from '../../src/domain/json.js';
import { durations } from '../../src/domain/payments/durations.js';
import { Port } from '../../src/infrastructure/ports.js';
import { openShop, type Shop } from '../service/shop.js';
import { tokenOf } from '../service/start-service.js';
import { until } from '../service/until.js';
import { Chance } from './chance.js';
import { gatherFrom, type Evidence } from './evidence.js';
import { Ledger } from './ledger.js';
import { NotificationDoor } from './notification-door.js';
import { promises } from './reckoning.js';
import { Shopper } from './shopper.js';

// The evidence of a service that nothing happened to, and what the reckoning says once a single thing in it is made wrong.

const order = 'shopper-1';
let shop: Shop;
let door: NotificationDoor;
let sound: Evidence;

const gatheredFrom = async ({ under, simulator }: Shop, ledger: Ledger): Promise<Evidence> => {
  const of = under.service.container;
  const stored = await gatherFrom({
    eventFeed: of.get(Port.eventFeed),
    documents: of.get(Port.documents),
    records: of.get(Port.records),
    personalData: of.get(Port.personalData),
    projectionCheckpoints: of.get(Port.projectionCheckpoints),
    workerCheckpoints: of.get(Port.workerCheckpoints),
    simulator,
  });
  const replicas = [
    { name: 'one', lines: ['{"level":"info","msg":"Listening"}'], ownEnds: [], readiness: 'ready', exitStatus: 0 },
  ];
  const { answers, deliveries } = ledger;
  return { ...stored, answers, deliveries, durations, replicas, partitions: alone.partitions };
};

const findingsIn = (evidence: Evidence): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(
    Object.entries(promises).flatMap(([promise, findings]) => {
      const found = findings(evidence);
      return found.length === 0 ? [] : [[promise, found]];
    }),
  );

beforeAll(async () => {
  const ledger = new Ledger();
  const places: { readonly name: string; readonly url: string }[] = [];
  door = await NotificationDoor.open(places, ledger);
  shop = await openShop({}, { notificationUrl: door.url });
  places.push({ name: 'one', url: shop.under.url });
  const shopper = new Shopper({
    name: 'shopper',
    token: await tokenOf('shopper', 'customer', 'finance'),
    replicas: places,
    simulator: shop.simulator,
    ledger,
    chance: new Chance('1'),
    signal: new AbortController().signal,
  });
  const endings = [[{ customer: 'pay' }, { refund: 'some' }]] as const;
  await shopper.buy({ paymentType: 'gopay', details: () => Promise.resolve({}), endings });
  sound = await until('nothing is wrong', async () => {
    const evidence = await gatheredFrom(shop, ledger);
    return Object.keys(findingsIn(evidence)).length === 0 && evidence.inbox.length === 4 && evidence;
  });
}, 20_000);

afterAll(async () => {
  await shop.close();
  await door.close();
});

type Damage = (evidence: Evidence) => Partial<Evidence>;

const without = <T>(list: readonly T[], isGone: (item: T) => boolean): readonly T[] =>
  list.filter((item) => !isGone(item));
const doubled = <T>(list: readonly T[]): readonly T[] => [...list, ...list.slice(0, 1)];
const isType = (type: string) => (event: StoredEvent) => event.type === type;
const firstWith = <T>(list: readonly T[], change: Partial<T>): readonly T[] =>
  list.map((item, n) => (n === 0 ? { ...item, ...change } : item));
const documentWith = (list: readonly StoredDocument[], change: JsonObject): readonly StoredDocument[] =>
  list.map((one) => ({ ...one, document: { ...one.document, ...change } }));
const linesOf = (evidence: Evidence, ...lines: readonly string[]): Partial<Evidence> => ({
  replicas: firstWith(evidence.replicas, { lines }),
});

const refundsOf = ({ transactions }: Evidence): readonly JsonObject[] =>
  (transactions[0]?.['refunds'] ?? []) as readonly JsonObject[];

/** Promise, what is made wrong, what is found. */
const plants: readonly (readonly [keyof typeof promises, string, Damage, RegExp])[] = [
  ['every acknowledged payment is in the log exactly once', 'an event lost', ({ events }) => ({ events: without(events, isType('PaymentInitiated')) }), /acknowledged payment shopper-1: .* 1 expected, found 0/],
  ['every acknowledged payment is in the log exactly once', 'an event doubled', ({ events }) => ({ events: doubled(without(events, (event) => !event.stream.startsWith('payment-'))) }), /1 expected, found 2/],
  ['every acknowledged refund is in the log exactly once', 'a wish lost', ({ events }) => ({ events: without(events, isType('RefundRequested')) }), /acknowledged refund shopper-1-\d+: .* 1 expected, found 0/],
  ['every notification answered with 200 is in the inbox exactly once', 'one lost', ({ inbox }) => ({ inbox: inbox.slice(1) }), /notification delivery-0 of shopper-1, .* 1 expected, found 0/],
  ['every notification answered with 200 is in the inbox exactly once', 'one twice', ({ inbox }) => ({ inbox: doubled(inbox) }), /1 expected, found 2/],
  ['every notification answered with 200 is in the inbox exactly once', 'an unanswered one twice', ({ inbox, deliveries }) => ({ inbox: doubled(inbox), deliveries: firstWith(deliveries, { status: null }) }), /at most 1 .*found 2/],
  ['no stream has a gap', 'an event in the middle lost', ({ events }) => ({ events: without(events, isType('PaymentSettled')) }), /^payment-\S+: revisions 0 to \d+ expected, found 0, 1, 3/],
  ['no event is in the log twice', 'an event with the id of another', ({ events }) => ({ events: firstWith(events, { id: events[1]?.id ?? '' }) }), /1 expected, found 2/],
  ['one order has one payment', 'an order begun twice', ({ events }) => ({ events: events.map((event) => (event.type === 'PaymentPending' ? { ...event, type: 'PaymentInitiated' } : event)) }), /PaymentInitiated: 1 expected, found 2/],
  ['one Idempotency-Key has one kept answer', 'another answer', ({ answers }) => ({ answers: [200, 201].map((status) => ({ ...answers[0]!, status, idempotencyKey: 'k', isHit: true })) }), /Idempotency-Key k: .* 1 expected, found 2/],
  ['Midtrans has one charge for each payment that was charged, and none for the others', 'a second charge', ({ transactions }) => ({ transactions: [...transactions, { ...transactions[0], transaction_id: 'another' }] }), /payment shopper-1 .* 1 expected .* found 2/],
  ['Midtrans has one charge for each payment that was charged, and none for the others', 'no charge', () => ({ transactions: [] }), /1 expected .* found 0/],
  ['Midtrans has no charge that nobody wished for', 'a charge of its own', ({ transactions }) => ({ transactions: [...transactions, { order_id: 'foreign' }] }), /order foreign: a payment expected, found none/],
  ['Midtrans has one refund for each wish', 'a refund doubled', (evidence) => ({ transactions: firstWith(evidence.transactions, { refunds: doubled(refundsOf(evidence)) }) }), /refund shopper-1-\d+: 1 at Midtrans expected, found 2/],
  ['Midtrans has one refund for each wish', 'a refund that nobody wished for', (evidence) => ({ transactions: firstWith(evidence.transactions, { refunds: [...refundsOf(evidence), { refund_key: 'foreign' }] }) }), /refund foreign at Midtrans: a wish in the log expected/],
  ['a refund told as made is made', 'a refund gone', ({ transactions }) => ({ transactions: firstWith(transactions, { refunds: [] }) }), /refund shopper-1-\d+ of shopper-1 was told as made/],
  ['each payment stands as it does at Midtrans', 'another status', ({ transactions }) => ({ transactions: firstWith(transactions, { transaction_status: 'settlement' }) }), /payment shopper-1: status settlement expected as at Midtrans, found partial_refund/],
  ['captured and refunded money is what Midtrans has', 'another amount', ({ transactions }) => ({ transactions: firstWith(transactions, { gross_amount: '1.00' }) }), /payment shopper-1: captured_amount 1 expected/],
  ['captured and refunded money is what Midtrans has', 'another refund', (evidence) => ({ transactions: firstWith(evidence.transactions, { refunds: firstWith(refundsOf(evidence), { refund_amount: '1.00' }) }) }), /refunded_amount 1 expected/],
  ['no payment stays in doubt', 'a doubt', ({ payments }) => ({ payments: documentWith(payments, { in_doubt: true }) }), /payment shopper-1 .* found in doubt/],
  ['every notification of Midtrans was delivered in the end', 'one given up', ({ notifications }) => ({ notifications: firstWith(notifications, { state: 'failed' }) }), /of shopper-1: delivered expected, found failed/],
  ['the read model of payments is what the log folds to', 'an event that was not folded', ({ events }) => ({ events: events.slice(0, -1).concat(without(events.slice(-1), ({ stream }) => stream.startsWith('payment-'))) }), /revision \d+ expected, found \d+/],
  ['the read model of payments is what the log folds to', 'a field changed', ({ payments }) => ({ payments: documentWith(payments, { user_id: 'another' }) }), /user_id shopper expected, found another/],
  ['the read model of payments is what the log folds to', 'a document lost', () => ({ payments: [] }), /a document expected, found none/],
  ['the read model of payments is what the log folds to', 'a document too many', ({ payments }) => ({ payments: [...payments, { ...payments[0]!, id: 'another' }] }), /payment another: no document expected/],
  ['the read model of methods is what the log folds to', 'a document too many', () => ({ methods: [{ id: 'gopay', revision: 0, document: {} }] }), /method gopay: no document expected/],
  ['every notification in the inbox was worked on', 'one parked', ({ records }) => ({ records: documentWith(records, { verdict: 'parked' }) }), /of shopper-1: worked on expected, found parked/],
  ['every notification in the inbox was worked on', 'one without a record', ({ records }) => ({ records: records.slice(1) }), /found no record/],
  ['every follower has come to the end of the log', 'a follower that stands still', ({ checkpoints }) => ({ checkpoints: { ...checkpoints, 'notifications:1': { 0: 'start' } } }), /notifications:1, partition 0: checkpoint .* found start/],
  ['no key is parked', 'one parked', () => ({ parked: [{ id: 'p', revision: 0, document: { key: order } }] }), /found \{"key":"shopper-1"\}/],
  ['every answer is a documented one', 'an error of ours', ({ answers }) => ({ answers: firstWith(answers, { status: 500, body: { errors: [{ code: 'internal_error' }] } }) }), /one answered make of shopper-1: .* found 500 internal_error/],
  ['every answer is a documented one', 'a payment not found', ({ answers }) => ({ answers: firstWith(answers, { status: 404, body: { errors: [{ code: 'not_found' }] } }) }), /found 404 not_found/],
  ['every notification is answered with 200 or 502', 'another answer', ({ deliveries }) => ({ deliveries: firstWith(deliveries, { status: 500 }) }), /one answered notification delivery-0: 200 or 502 expected, found 500/],
  ['no alarm was raised', 'an alarm', (evidence) => linesOf(evidence, '{"level":"error","alarm":"parked_key"}'), /one: no alarm expected, found .*parked_key/],
  ['the replicas wrote nothing but their journal', 'a stack trace', (evidence) => linesOf(evidence, 'Uncaught Error: what now'), /one: lines of the journal expected, found Uncaught/],
  ['no replica ended by itself', 'an end of its own', ({ replicas }) => ({ replicas: firstWith(replicas, { ownEnds: [{ code: 7, lastLines: ['what now'] }] }) }), /found exit 7: what now/],
  ['no replica ended by itself', 'a bad goodbye', ({ replicas }) => ({ replicas: firstWith(replicas, { exitStatus: 1 }) }), /exit status 0 after SIGTERM expected, found 1/],
  ['every replica is ready in the end', 'one that is not', ({ replicas }) => ({ replicas: firstWith(replicas, { readiness: 'no answer' }) }), /one: ready expected, found no answer/],
]; // prettier-ignore

describe('the reckoning', () => {
  it('finds nothing wrong where nothing is wrong', () => {
    expect(findingsIn(sound)).toEqual({});
  });

  it.each(plants)('of "%s" finds %s', (promise, _, damage, expected) => {
    const found = findingsIn({ ...sound, ...damage(sound) });
    expect(found[promise]?.join('\n')).toMatch(expected);
  });

  it('was shown to find something wrong with every promise', () => {
    expect(Object.keys(promises).filter((promise) => !plants.some(([planted]) => planted === promise))).toEqual([]);
  });
});
