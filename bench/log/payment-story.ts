import { rupiah, type Rupiah } from '../../src/domain/money/rupiah.js';
import {
  orderId,
  transactionId,
  wishId,
  type OrderId,
  type PaymentId,
  type TransactionId,
} from '../../src/domain/payments/identity.js';
import type { GatewayObservation } from '../../src/domain/payments/observation.js';
import { newPayment } from '../../src/domain/payments/state.js';
import type { Instant } from '../../src/domain/time/instant.js';
import type { Cause } from '../../src/application/audit/cause.js';
import type { PaymentAt, PaymentHistories, TimelessCommand } from '../../src/application/payments/payment-histories.js';
import { paymentIdOf } from '../../src/application/payments/payment-identity.js';
import { notificationBody } from './notification-body.js';

/** The same payment at each run, whatever its number. */
interface Story {
  readonly number: number;
  readonly orderId: OrderId;
  readonly transactionId: TransactionId;
  readonly amount: Rupiah;
  readonly vaNumber: string;
  readonly userId: string;
}

const customers = 1_000;
const serverKey = 'SB-Mid-server-benchmark';
const spread = 2_654_435_761;

const storyOf = (number: number): Story => {
  // Neighbours are strewn over the whole range, as real ids are: every index then works as hard as it will have to.
  const strewn = ((number * spread) % 2 ** 32).toString(16).padStart(8, '0');
  return {
    number,
    orderId: orderId(`order-${strewn}-${number}`),
    transactionId: transactionId(`${strewn}-9c1e-4d0a-8f3b-${number.toString(16).padStart(12, '0')}`),
    amount: rupiah(10_000 + (number % 500) * 1_000),
    vaNumber: `812785${Number.parseInt(strewn, 16)}`,
    userId: `user-${number % customers}`,
  };
};

/** Of the payment with this number, at each run. */
export const paymentIdNumbered = (number: number): PaymentId => paymentIdOf(storyOf(number).orderId);

/** Made and settled. */
export const eventsPerPayment = 3;

/** Made, and answered by Midtrans: two events. */
export const makePayment = async (histories: PaymentHistories, number: number): Promise<PaymentAt> => {
  const story = storyOf(number);
  const id = paymentIdNumbered(number);
  const cause = byCustomer(story);
  const wished = await accepted(histories, { id, state: newPayment, revision: 'none' }, initiation(story), cause);
  return accepted(histories, wished, observed(story, 'pending', 'charge-answer'), cause);
};

/** Paid, as a notification told and GET status confirmed: one event. */
export const settlePayment = async (
  histories: PaymentHistories,
  number: number,
  payment: PaymentAt,
  at: Instant,
): Promise<void> => {
  const story = storyOf(number);
  await accepted(histories, payment, observed(story, 'settlement', 'confirmed'), byNotification(story, at));
};

const accepted = async (
  histories: PaymentHistories,
  payment: PaymentAt,
  command: TimelessCommand,
  cause: Cause,
): Promise<PaymentAt> => {
  const result = await histories.transact(payment.id, command, cause, payment);
  if (result.type === 'rejected') throw new Error(`${command.type}: ${result.rejection.code}`);
  return result.payment;
};

const initiation = ({ orderId: order, userId, amount, number }: Story): TimelessCommand => ({
  type: 'InitiatePayment',
  wishId: wishId(`wish-${number}`),
  order: {
    orderId: order,
    userId,
    paymentType: 'bank_transfer',
    provider: 'bca',
    amount,
    details: { bank: 'bca' },
    personal: {
      customer_details: { first_name: 'Budi', last_name: 'Utomo', email: 'budi@example.com', phone: '+6281223323423' },
    },
    itemDetails: [{ id: 'sku-1', name: 'Coffee beans, one kilogram', price: amount, quantity: 1 }],
    metadata: { channel: 'web' },
    expiry: null,
    fingerprint: '5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef',
  },
});

const observed = (
  { orderId: order, transactionId: transaction, amount, vaNumber, number }: Story,
  status: 'pending' | 'settlement',
  source: 'charge-answer' | 'confirmed',
): TimelessCommand => {
  const observation: GatewayObservation = {
    orderId: order,
    transactionId: transaction,
    paymentType: 'bank_transfer',
    provider: 'bca',
    status,
    statusWord: status,
    fraudStatus: 'accept',
    grossAmount: amount,
    wishId: wishId(`wish-${number}`),
    transactionTime: '2026-11-23T05:49:00.000Z',
    settlementTime: status === 'settlement' ? '2026-11-23T05:51:00.000Z' : null,
    expiryTime: '2026-11-24T05:49:00.000Z',
    refunds: [],
    refundedTotal: null,
    chargedBackTotal: null,
    details: { va_numbers: [{ bank: 'bca', va_number: vaNumber }] },
    personalDetails: {},
  };
  return { type: 'ObserveGatewayStatus', observation, source, knownBefore: null, noteLook: false };
};

const byCustomer = ({ userId, number }: Story): Cause => ({
  actor: { kind: 'user', id: userId, roles: ['customer'], address: '203.0.113.7' },
  correlationId: `request-${number}`,
  causationId: `request-${number}`,
  requestId: `request-${number}`,
  traceParent: null,
  notification: null,
});

const byNotification = (story: Story, at: Instant): Cause => {
  const body = notificationBody(story, serverKey);
  const headers = { 'content-type': 'application/json', 'user-agent': 'Veritrans' };
  return {
    actor: { kind: 'midtrans', id: 'midtrans', roles: [], address: null },
    correlationId: `notification-${story.number}`,
    causationId: `notification-${story.number}`,
    requestId: null,
    traceParent: null,
    notification: {
      inboxId: `midtrans_inbox-${story.number % 16}@${story.number}`,
      receivedAt: at,
      address: '198.51.100.4',
      headers,
      body,
    },
  };
};
