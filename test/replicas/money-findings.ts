import { paymentStreamPrefix } from '../../src/application/payments/payment-identity.js';
import type { StoredDocument } from '../../src/application/ports/documents.js';
import type { JsonObject } from '../../src/domain/json.js';
import type { MidtransTransaction } from '../service/simulator-hand.js';
import type { Evidence } from './evidence.js';
import { isAcknowledged } from './ledger.js';
import { grouped } from './grouped.js';
import type { Findings } from './reckoning.js';
import { shown } from './shown.js';

const rupiah = (value: unknown): number => Number(value ?? 0);

const refundsOf = (transaction: MidtransTransaction): readonly JsonObject[] =>
  (transaction['refunds'] ?? []) as readonly JsonObject[];

const transactionsByOrder = ({ transactions }: Evidence) => grouped(transactions, (one) => shown(one['order_id']));

/** Each payment with what Midtrans has under its order id. */
const pairs = (evidence: Evidence): readonly (readonly [StoredDocument, readonly MidtransTransaction[]])[] => {
  const transactions = transactionsByOrder(evidence);
  return evidence.payments.map((payment) => [payment, transactions.get(shown(payment.document['order_id'])) ?? []]);
};

const oneCharge: Findings = (evidence) =>
  pairs(evidence).flatMap(([{ document }, found]) => {
    const expected = document['transaction_id'] === null ? [] : [document['transaction_id']];
    const ids = found.map((one) => one['transaction_id']);
    if (JSON.stringify(ids) === JSON.stringify(expected)) return [];
    const what = `payment ${shown(document['order_id'])} (${shown(document['status'])}): charges at Midtrans`;
    return [`${what}: ${expected.length} expected ${shown(expected)}, found ${ids.length} ${shown(ids)}`];
  });

const noUnknownCharge: Findings = (evidence) => {
  const orders = new Set(evidence.payments.map(({ document }) => document['order_id']));
  return [...transactionsByOrder(evidence).keys()]
    .filter((order) => !orders.has(order))
    .map((order) => `Midtrans charged order ${order}: a payment expected, found none`);
};

const sameStatus: Findings = (evidence) =>
  pairs(evidence).flatMap(([{ document }, [transaction]]) =>
    transaction === undefined || transaction['transaction_status'] === document['status']
      ? []
      : [
          `payment ${shown(document['order_id'])}: status ${shown(transaction['transaction_status'])} expected as at Midtrans, found ${shown(document['status'])}`,
        ],
  );

const capturedAt = (transaction: MidtransTransaction | undefined): number => {
  const paid = ['capture', 'settlement', 'partial_refund', 'refund'].includes(
    shown(transaction?.['transaction_status']),
  );
  return paid && transaction?.['fraud_status'] !== 'challenge' ? rupiah(transaction?.['gross_amount']) : 0;
};

const refundedAt = (transaction: MidtransTransaction | undefined): number =>
  transaction ? refundsOf(transaction).reduce((sum, refund) => sum + rupiah(refund['refund_amount']), 0) : 0;

const sameMoney: Findings = (evidence) =>
  pairs(evidence).flatMap(([{ document }, [transaction]]) => {
    const expected = { captured_amount: capturedAt(transaction), refunded_amount: refundedAt(transaction) };
    return Object.entries(expected).flatMap(([field, amount]) =>
      document[field] === amount
        ? []
        : [`payment ${shown(document['order_id'])}: ${field} ${amount} expected as at Midtrans, found ${shown(document[field])}`],
    );
  }); // prettier-ignore

/** How each refund wish ended, by the log. */
const refundWishes = ({ events }: Evidence) => {
  const ofPayments = events.filter(({ stream }) => stream.startsWith(paymentStreamPrefix));
  const typed = (type: string) =>
    new Set(ofPayments.filter((event) => event.type === type).map(({ data }) => shown(data['refund_key'])));
  return { requested: typed('RefundRequested'), accepted: typed('RefundAccepted') };
};

const oneRefundAWish: Findings = (evidence) => {
  const { requested, accepted } = refundWishes(evidence);
  const made = grouped(evidence.transactions.flatMap(refundsOf), (refund) => shown(refund['refund_key']));
  const wished = [...requested].flatMap((key) => {
    const [expected, found] = [accepted.has(key) ? 1 : 0, made.get(key)?.length ?? 0];
    return expected === found ? [] : [`refund ${key}: ${expected} at Midtrans expected, found ${found}`];
  });
  const unwished = [...made.keys()].filter((key) => !requested.has(key));
  return [...wished, ...unwished.map((key) => `refund ${key} at Midtrans: a wish in the log expected, found none`)];
};

/** Told as made, so it is made. */
const toldRefunds: Findings = (evidence) => {
  const made = grouped(evidence.transactions.flatMap(refundsOf), (refund) => shown(refund['refund_key']));
  return evidence.answers
    .filter((answer) => answer.what === 'refunds' && isAcknowledged(answer))
    .filter(({ body }) => body['status'] === 'accepted' || body['status'] === 'confirmed')
    .flatMap(({ orderId, refundKey = '', body }) => {
      const found = (made.get(refundKey) ?? []).map((refund) => rupiah(refund['refund_amount']));
      const expected = [body['amount']];
      if (JSON.stringify(found) === JSON.stringify(expected)) return [];
      return [`refund ${refundKey} of ${orderId} was told as made: ${shown(expected)} expected at Midtrans, found ${shown(found)}`];
    }); // prettier-ignore
};

const noDoubt: Findings = ({ payments }) =>
  payments
    .filter(({ document }) => document['in_doubt'] !== false)
    .map(
      ({ document }) =>
        `payment ${shown(document['order_id'])} (${shown(document['status'])}): settled expected, found in doubt`,
    );

const allDelivered: Findings = ({ notifications }) =>
  notifications
    .filter(({ state }) => state !== 'delivered')
    .map(
      (one) =>
        `notification ${shown(one['id'])} of ${shown(one['order_id'])}: delivered expected, found ${shown(one['state'])}`,
    );

export const moneyFindings = {
  'Midtrans has one charge for each payment that was charged, and none for the others': oneCharge,
  'Midtrans has no charge that nobody wished for': noUnknownCharge,
  'Midtrans has one refund for each wish': oneRefundAWish,
  'a refund told as made is made': toldRefunds,
  'each payment stands as it does at Midtrans': sameStatus,
  'captured and refunded money is what Midtrans has': sameMoney,
  'no payment stays in doubt': noDoubt,
  'every notification of Midtrans was delivered in the end': allDelivered,
} satisfies Record<string, Findings>; // prettier-ignore
