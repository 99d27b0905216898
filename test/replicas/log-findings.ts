import { inboxStreamPrefix } from '../../src/application/notifications/inbox-events.js';
import { paymentIdOf, paymentStreamPrefix, streamOf } from '../../src/application/payments/payment-identity.js';
import type { StoredEvent } from '../../src/application/ports/event-log.js';
import { orderId } from '../../src/domain/payments/identity.js';
import type { Evidence } from './evidence.js';
import { grouped } from './grouped.js';
import { isAcknowledged } from './ledger.js';
import type { Findings } from './reckoning.js';
import { shown } from './shown.js';

const historiesIn = ({ events }: Evidence) => grouped(events, ({ stream }) => stream);

const historyOf = (histories: ReadonlyMap<string, readonly StoredEvent[]>, order: string): readonly StoredEvent[] =>
  histories.get(streamOf(paymentIdOf(orderId(order)))) ?? [];

const countOf = (list: readonly unknown[], one: unknown): number => list.filter((item) => item === one).length;

const exactly = (count: number, expected: number, what: string): readonly string[] =>
  count === expected ? [] : [`${what}: ${expected} expected, found ${count}`];

const acknowledgedPayments: Findings = (evidence) => {
  const histories = historiesIn(evidence);
  const told = grouped(
    evidence.answers.filter((answer) => answer.what === 'make' && isAcknowledged(answer)),
    (answer) => answer.orderId,
  );
  return [...told].flatMap(([order, answers]) => {
    const types = historyOf(histories, order).map(({ type }) => type);
    const id = paymentIdOf(orderId(order));
    return [
      ...exactly(countOf(types, 'PaymentInitiated'), 1, `acknowledged payment ${order}: PaymentInitiated in the log`),
      ...answers
        .filter(({ body }) => body['id'] !== id)
        .map(({ body, replica }) => `payment ${order}: id ${id} expected, ${replica} told ${shown(body['id'])}`),
    ];
  });
};

const acknowledgedRefunds: Findings = (evidence) => {
  const histories = historiesIn(evidence);
  const told = grouped(
    evidence.answers.filter((answer) => answer.what === 'refunds' && isAcknowledged(answer)),
    (answer) => `${answer.orderId} ${answer.refundKey}`,
  );
  return [...told.values()].flatMap(([first]) => {
    if (!first) return [];
    const wishes = historyOf(histories, first.orderId).filter(
      ({ type, data }) => type === 'RefundRequested' && data['refund_key'] === first.refundKey,
    );
    return exactly(wishes.length, 1, `acknowledged refund ${first.refundKey}: RefundRequested in the log`);
  });
};

const acknowledgedNotifications: Findings = ({ deliveries, inbox }) => {
  const stored = grouped(inbox, ({ delivery }) => delivery ?? 'none');
  return deliveries.flatMap(({ id, orderId: order, status, replica }) => {
    const found = stored.get(id)?.length ?? 0;
    const what = `notification ${id} of ${order}, which ${replica} answered with ${status}`;
    if (status === 200) return exactly(found, 1, `${what}: in the inbox`);
    return found > 1 ? [`${what}: at most 1 in the inbox expected, found ${found}`] : [];
  });
};

const wholeStreams: Findings = (evidence) =>
  [...historiesIn(evidence)].flatMap(([stream, history]) => {
    const revisions = history.map(({ revision }) => revision);
    if (revisions.every((revision, n) => revision === n)) return [];
    return [`${stream}: revisions 0 to ${history.length - 1} expected, found ${revisions.join(', ')}`];
  });

const distinctEvents: Findings = ({ events }) =>
  [...grouped(events, ({ id }) => id)].flatMap(([id, same]) =>
    exactly(same.length, 1, `event ${id} (${same.map(({ stream, revision }) => `${stream}@${revision}`).join(', ')})`),
  );

const onePaymentAnOrder: Findings = (evidence) =>
  [...historiesIn(evidence)]
    .filter(([stream]) => stream.startsWith(paymentStreamPrefix) && !stream.startsWith(inboxStreamPrefix))
    .flatMap(([stream, history]) => {
      const types = history.map(({ type }) => type);
      return exactly(countOf(types, 'PaymentInitiated'), 1, `${stream}: PaymentInitiated`);
    });

const keptAnswers: Findings = ({ answers }) =>
  [
    ...grouped(
      answers.filter(({ isHit }) => isHit),
      ({ idempotencyKey = '' }) => idempotencyKey,
    ),
  ].flatMap(([key, hits]) => {
    const different = new Set(hits.map(({ status, body }) => JSON.stringify([status, body])));
    return exactly(different.size, 1, `Idempotency-Key ${key}: different answers that were kept`);
  });

export const logFindings = {
  'every acknowledged payment is in the log exactly once': acknowledgedPayments,
  'every acknowledged refund is in the log exactly once': acknowledgedRefunds,
  'every notification answered with 200 is in the inbox exactly once': acknowledgedNotifications,
  'no stream has a gap': wholeStreams,
  'no event is in the log twice': distinctEvents,
  'one order has one payment': onePaymentAnOrder,
  'one Idempotency-Key has one kept answer': keptAnswers,
} satisfies Record<string, Findings>;
