import { notifiedStatusCode } from '../transactions/messages.js';
import type { Fields, Transaction } from '../transactions/transaction.js';
import type { Subscription } from './subscription.js';

const wibOffsetMs = 7 * 3_600_000;

/** `2019-05-29T09:11:01.810000`, without a zone; taken to be Jakarta's (not verified). */
const answeredTime = (epochMs: number): string => `${new Date(epochMs + wibOffsetMs).toISOString().slice(0, 23)}000`;
/** `2022-10-26T04:20:00.000000Z`. */
const notifiedTime = (epochMs: number): string => `${new Date(epochMs).toISOString().slice(0, 23)}000Z`;

const common = (subscription: Subscription): Fields => ({
  id: subscription.id,
  name: subscription.name,
  amount: subscription.amount,
  currency: subscription.currency,
  payment_type: subscription.paymentType,
  token: subscription.token,
  ...(subscription.gopayAccountId !== null && { gopay: { account_id: subscription.gopayAccountId } }),
  status: subscription.status,
  ...(subscription.metadata && { metadata: subscription.metadata }),
  ...(subscription.customerDetails && { customer_details: subscription.customerDetails }),
});

const schedule = (subscription: Subscription, time: (epochMs: number) => string): Fields => ({
  interval: subscription.interval,
  interval_unit: subscription.intervalUnit,
  current_interval: subscription.executions,
  start_time: time(subscription.startTime),
  ...(subscription.previousExecutionAt !== null && { previous_execution_at: time(subscription.previousExecutionAt) }),
  next_execution_at: time(subscription.nextExecutionAt),
});

/** As POST and GET answer it (midtrans-facts 5.11). */
export const subscriptionAnswer = (subscription: Subscription): Fields => ({
  ...common(subscription),
  created_at: answeredTime(subscription.createdAt),
  schedule: schedule(subscription, answeredTime),
  transaction_ids: subscription.transactionIds,
});

/** The bare object that announces a new subscription; it is not signed (midtrans-facts 7.4). */
export const creationNotice = (subscription: Subscription, merchantId: string): Fields => ({
  ...common(subscription),
  merchant_id: merchantId,
  schedule: schedule(subscription, notifiedTime),
});

/** What became of one charge (midtrans-facts 7.4); it is not signed. */
export const chargeNotice = (subscription: Subscription, charge: Fields, merchantId: string): Fields => ({
  transaction: charge,
  subscription: creationNotice(subscription, merchantId),
  event_name: 'subscription.charge',
});

export const chargeOutcome = (transaction: Transaction): Fields => ({
  transaction_status: transaction.status,
  transaction_id: transaction.id,
  status_code: notifiedStatusCode(transaction),
  channel_response_message: transaction.fields['channel_response_message'] ?? 'Approved',
  channel_response_code: transaction.fields['channel_response_code'] ?? '0',
});
