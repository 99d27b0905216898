import { rupiah } from '../../../src/domain/money/rupiah.js';
import type { PaymentEvent, PaymentEventOf, PaymentEventType } from '../../../src/domain/payments/events.js';
import { orderId, refundKey, transactionId, wishId } from '../../../src/domain/payments/identity.js';
import type { JsonObject } from '../../../src/domain/json.js';
import type { ActionName } from '../../../src/domain/payments/stages.js';

/** When every example happened; in the log it stands in the metadata. */
export const exampleTime = '2026-11-23T05:00:00.000Z';

export interface Example<Type extends PaymentEventType = PaymentEventType> {
  readonly event: PaymentEventOf<Type>;
  /** Exactly what stands in the log. */
  readonly data: JsonObject;
}

const at = exampleTime;
const sealed = { sealed: 's1.Y3VzdG9tZXI6dS0x.AAAA' };
const wish = { wishId: wishId('wish-1'), answerBy: '2026-11-23T05:00:30.000Z' };
const storedWish = { wish_id: 'wish-1', answer_by: '2026-11-23T05:00:30.000Z' };
const no = { statusCode: 412, message: 'Midtrans says no' };
const storedNo = { status_code: 412, message: 'Midtrans says no' };

const facts = {
  transactionId: transactionId('tx-1'),
  paymentType: 'gopay',
  provider: 'gopay',
  fraudStatus: 'accept',
  transactionTime: '2026-11-23T04:59:59.000Z',
  expiresAt: '2026-11-23T05:15:00.000Z',
  details: { actions: [{ name: 'generate-qr-code', method: 'GET', url: 'https://pay.example/1' }] },
  personal: sealed,
} as const;

const storedFacts = {
  transaction_id: 'tx-1',
  payment_type: 'gopay',
  provider: 'gopay',
  fraud_status: 'accept',
  transaction_time: '2026-11-23T04:59:59.000Z',
  expires_at: '2026-11-23T05:15:00.000Z',
  details: { actions: [{ name: 'generate-qr-code', method: 'GET', url: 'https://pay.example/1' }] },
  personal: { sealed: 's1.Y3VzdG9tZXI6dS0x.AAAA' },
};

const statusExample = <
  Type extends 'PaymentPending' | 'PaymentAuthorized' | 'PaymentDenied' | 'PaymentReversed' | 'PaymentCancelled' | 'PaymentExpired' | 'ChargeAnswered',
>(
  type: Type,
) => ({ event: { type, at, ...facts } as PaymentEventOf<Type>, data: storedFacts }); // prettier-ignore

const actionExamples = <Action extends ActionName>(action: Action) =>
  ({
    [`${action}Requested`]: {
      event: {
        type: `${action}Requested`,
        at,
        ...wish,
        transactionId: facts.transactionId,
        reason: 'a clerk asked',
        amount: rupiah(9_000),
      },
      data: { ...storedWish, transaction_id: 'tx-1', reason: 'a clerk asked', amount: 9_000 },
    },
    [`${action}Attempted`]: { event: { type: `${action}Attempted`, at, ...wish }, data: storedWish },
    [`${action}NotSent`]: {
      event: { type: `${action}NotSent`, at, wishId: wish.wishId, because: 'circuit_open', ...no },
      data: { wish_id: 'wish-1', because: 'circuit_open', ...storedNo },
    },
    [`${action}Refused`]: {
      event: { type: `${action}Refused`, at, wishId: wish.wishId, because: 'state', ...no },
      data: { wish_id: 'wish-1', because: 'state', ...storedNo },
    },
  }) as unknown as {
    readonly [Type in `${Action}${'Requested' | 'Attempted' | 'NotSent' | 'Refused'}`]: Example<Type>;
  };

/**
 * One of each event as it stands in the log. This is the storage format: what is written here was written into somebody's log, and
 * has to be read for ever. A change here needs a new version and an upcaster (design D9).
 */
export const storedExamples: { readonly [Type in PaymentEventType]: Example<Type> } = {
  PaymentInitiated: {
    event: {
      type: 'PaymentInitiated',
      at,
      orderId: orderId('order-1'),
      userId: 'u-1',
      paymentType: 'gopay',
      provider: 'gopay',
      amount: rupiah(50_000),
      details: { enable_callback: true },
      personal: sealed,
      itemDetails: [{ id: 'i-1', name: 'Pillow', price: 50_000, quantity: 1 }],
      metadata: { table: 7 },
      expiry: { duration: 2, unit: 'hour' },
      fingerprint: 'ab12',
      ...wish,
      expiresAt: '2026-11-23T07:00:00.000Z',
    },
    data: {
      order_id: 'order-1',
      user_id: 'u-1',
      payment_type: 'gopay',
      provider: 'gopay',
      amount: 50_000,
      details: { enable_callback: true },
      personal: { sealed: 's1.Y3VzdG9tZXI6dS0x.AAAA' },
      item_details: [{ id: 'i-1', name: 'Pillow', price: 50_000, quantity: 1 }],
      metadata: { table: 7 },
      expiry: { duration: 2, unit: 'hour' },
      fingerprint: 'ab12',
      ...storedWish,
      expires_at: '2026-11-23T07:00:00.000Z',
    },
  },
  ChargeAttempted: { event: { type: 'ChargeAttempted', at, ...wish }, data: storedWish },
  ChargeNotSent: {
    event: { type: 'ChargeNotSent', at, because: 'unreachable', statusCode: null, message: 'connection refused' },
    data: { because: 'unreachable', status_code: null, message: 'connection refused' },
  },
  ChargeNotMade: { event: { type: 'ChargeNotMade', at }, data: {} },
  ChargeAnswered: statusExample('ChargeAnswered'),
  GatewayUnanswered: {
    event: { type: 'GatewayUnanswered', at, wishId: wish.wishId, message: 'no answer within 25 s' },
    data: { wish_id: 'wish-1', message: 'no answer within 25 s' },
  },
  GatewayAsked: {
    event: {
      type: 'GatewayAsked',
      at,
      transactionId: null,
      found: null,
      absenceCounts: true,
      reason: 'the customer says that he paid',
    },
    data: { transaction_id: null, found: null, absence_counts: true, reason: 'the customer says that he paid' },
  },
  GatewayContradiction: {
    event: {
      type: 'GatewayContradiction',
      at,
      kind: 'foreign_transaction',
      transactionId: facts.transactionId,
      detail: 'settlement',
    },
    data: { kind: 'foreign_transaction', transaction_id: 'tx-1', detail: 'settlement' },
  },
  PaymentPending: statusExample('PaymentPending'),
  PaymentAuthorized: statusExample('PaymentAuthorized'),
  PaymentCaptured: {
    event: { type: 'PaymentCaptured', at, ...facts, amount: rupiah(50_000) },
    data: { ...storedFacts, amount: 50_000 },
  },
  PaymentChallenged: {
    event: { type: 'PaymentChallenged', at, ...facts, amount: rupiah(50_000) },
    data: { ...storedFacts, amount: 50_000 },
  },
  PaymentSettled: {
    event: { type: 'PaymentSettled', at, ...facts, amount: rupiah(50_000), settledAt: '2026-11-23T05:01:00.000Z' },
    data: { ...storedFacts, amount: 50_000, settled_at: '2026-11-23T05:01:00.000Z' },
  },
  PaymentDenied: statusExample('PaymentDenied'),
  PaymentReversed: statusExample('PaymentReversed'),
  PaymentCancelled: statusExample('PaymentCancelled'),
  PaymentExpired: statusExample('PaymentExpired'),
  PaymentFailed: {
    event: { type: 'PaymentFailed', at, ...facts, because: 'rejected', ...no },
    data: { ...storedFacts, because: 'rejected', ...storedNo },
  },
  ChargebackReceived: {
    event: { type: 'ChargebackReceived', at, transactionId: facts.transactionId, full: false, total: rupiah(1_000) },
    data: { transaction_id: 'tx-1', full: false, total: 1_000 },
  },
  ...actionExamples('Capture'),
  ...actionExamples('Cancel'),
  ...actionExamples('Expiry'),
  ...actionExamples('Approval'),
  ...actionExamples('Denial'),
  RefundRequested: {
    event: {
      type: 'RefundRequested',
      at,
      ...wish,
      refundKey: refundKey('r-1'),
      transactionId: facts.transactionId,
      amount: rupiah(1_000),
      reason: 'broken',
    },
    data: { ...storedWish, refund_key: 'r-1', transaction_id: 'tx-1', amount: 1_000, reason: 'broken' },
  },
  RefundAttempted: {
    event: { type: 'RefundAttempted', at, ...wish, refundKey: refundKey('r-1') },
    data: { ...storedWish, refund_key: 'r-1' },
  },
  RefundNotSent: {
    event: { type: 'RefundNotSent', at, refundKey: refundKey('r-1'), because: 'account', ...no },
    data: { refund_key: 'r-1', because: 'account', ...storedNo },
  },
  RefundRefused: {
    event: { type: 'RefundRefused', at, refundKey: refundKey('r-1'), ...no },
    data: { refund_key: 'r-1', ...storedNo },
  },
  RefundAccepted: {
    event: {
      type: 'RefundAccepted',
      at,
      refundKey: refundKey('r-1'),
      transactionId: facts.transactionId,
      amount: rupiah(1_000),
      reason: null,
    },
    data: { refund_key: 'r-1', transaction_id: 'tx-1', amount: 1_000, reason: null },
  },
  RefundConfirmed: {
    event: {
      type: 'RefundConfirmed',
      at,
      refundKey: refundKey('r-1'),
      confirmedAt: '2026-11-23T06:00:00.000Z',
    },
    data: { refund_key: 'r-1', confirmed_at: '2026-11-23T06:00:00.000Z' },
  },
  RefundTotalReported: {
    event: { type: 'RefundTotalReported', at, transactionId: facts.transactionId, total: rupiah(2_000) },
    data: { transaction_id: 'tx-1', total: 2_000 },
  },
};

export const allExamples = Object.values(storedExamples) as readonly Example[];

/** The same event with everything that may be missing missing. */
export const withNulls = (event: PaymentEvent): PaymentEvent =>
  Object.fromEntries(
    Object.entries(event).map(([field, value]) => [field, mayBeMissing.has(field) ? null : value]),
  ) as unknown as PaymentEvent;

const mayBeMissing = new Set(['personal', 'provider', 'fraudStatus', 'transactionTime']);
