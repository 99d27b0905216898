import type {
  ActionAnswer,
  ActionOrder,
  ChargeAnswer,
  ChargeOrder,
  GatewayFailure,
  GatewayReference,
  LookAnswer,
  PaymentGateway,
  RefundAnswer,
} from '../../application/ports/payment-gateway.js';
import type { Provider } from '../../domain/methods/providers.js';
import type { WishId } from '../../domain/payments/identity.js';
import type { JsonObject } from '../../domain/json.js';
import type { GatewayObservation, ObservedRefund } from '../../domain/payments/observation.js';
import type { TransactionStatus } from '../../domain/payments/gateway-status.js';
import { isPageClosedAlready } from './answer.js';
import { chargeRequestOf, secretsIn } from './charge-request.js';
import type { Called, MidtransClient } from './client.js';
import { observationOf, refundsOf, UnreadableTransaction } from './observation.js';

export interface MidtransGatewaySettings {
  /** Where Midtrans notifies about the transactions made here, instead of the dashboard's URL; null: the dashboard's. */
  readonly notificationUrl: string | null;
  /** Methods that are refunded by a path of its own, which answers with the bank's word (midtrans-facts 5.6). */
  readonly directRefunds: ReadonlySet<Provider>;
}

type OrderOf<Method extends Exclude<keyof PaymentGateway, 'endsWithinMs'>> = Parameters<PaymentGateway[Method]>[0];
type Done = Extract<Called, { type: 'done' }>;

export class MidtransPaymentGateway implements PaymentGateway {
  constructor(
    private readonly client: MidtransClient,
    private readonly settings: MidtransGatewaySettings,
  ) {}

  get endsWithinMs(): number {
    return this.client.deadlineMs;
  }

  async charge(order: ChargeOrder): Promise<ChargeAnswer> {
    const { host, path, body, repeatable } = chargeRequestOf(order);
    const called = await this.client.call({
      method: 'POST',
      host,
      path,
      body,
      repeatable,
      headers: { ...idempotent(order.wishId), ...this.overrideNotification() },
      secrets: secretsIn(body),
    });
    if (called.type !== 'done') return called;
    return host === 'snap' ? pageOf(called) : chargedTransaction(order, called);
  }

  async look(subject: GatewayReference): Promise<LookAnswer> {
    const called = await this.client.call({
      method: 'GET',
      host: 'core',
      path: `/v2/${pathId(subject)}/status`,
      repeatable: true,
    });
    if (called.type === 'refused' && called.statusCode === 404) return { type: 'not_found' };
    return called.type === 'done' ? transactionOf(called) : called;
  }

  async capture({ wishId, transactionId, amount }: OrderOf<'capture'>): Promise<ActionAnswer> {
    return this.act(wishId, '/v2/capture', 'capture', { transaction_id: transactionId, gross_amount: amount });
  }

  async approve({ wishId, subject }: ActionOrder): Promise<ActionAnswer> {
    return this.act(wishId, `/v2/${pathId(subject)}/approve`, 'capture');
  }

  async deny({ wishId, subject }: ActionOrder): Promise<ActionAnswer> {
    return this.act(wishId, `/v2/${pathId(subject)}/deny`, 'deny');
  }

  async cancel({ wishId, subject }: ActionOrder): Promise<ActionAnswer> {
    return this.act(wishId, `/v2/${pathId(subject)}/cancel`, 'cancel');
  }

  async expire({ wishId, subject }: ActionOrder): Promise<ActionAnswer> {
    return this.act(wishId, `/v2/${pathId(subject)}/expire`, 'expire');
  }

  async closePage({ wishId, token }: OrderOf<'closePage'>): Promise<ActionAnswer> {
    const called = await this.client.call({
      method: 'POST',
      host: 'snap',
      path: `/snap/v1/transactions/${encodeURIComponent(token)}/cancel`,
      body: {},
      headers: idempotent(wishId),
      repeatable: true,
      secrets: [token],
    });
    if (called.type === 'refused' && isPageClosedAlready(called)) return { type: 'page_closed' };
    if (called.type !== 'done') return called;
    const isClosed = called.body['canceled_at'] !== undefined;
    return isClosed ? { type: 'page_closed' } : unknown('Midtrans did not say that the page is closed');
  }

  async refund(order: OrderOf<'refund'>): Promise<RefundAnswer> {
    const { wishId, subject, provider, refundKey, amount, reason } = order;
    const isDirect = provider !== null && this.settings.directRefunds.has(provider);
    const called = await this.client.call({
      method: 'POST',
      host: 'core',
      path: `/v2/${pathId(subject)}/refund${isDirect ? '/online/direct' : ''}`,
      body: { refund_key: refundKey, amount, reason },
      headers: idempotent(wishId),
      // The same refund key is a retry of the same refund (midtrans-facts 5.6).
      repeatable: true,
    });
    return called.type === 'done' ? refundOf(order, called) : called;
  }

  /** Repeats are safe: the second finds the state changed and is answered 412. `aim` is the status that the action leads to. */
  private async act(
    wishId: WishId,
    path: string,
    aim: TransactionStatus,
    body: JsonObject = {},
  ): Promise<ActionAnswer> {
    const headers = idempotent(wishId);
    const called = await this.client.call({ method: 'POST', host: 'core', path, body, headers, repeatable: true });
    if (called.type !== 'done') return called;
    const answer = orDoubt(transactionOf(called));
    const isDone = answer.type === 'transaction' && answer.observation.status === aim;
    return called.code === 202 && !isDone ? declined(called) : answer;
  }

  private overrideNotification(): Readonly<Record<string, string>> {
    const { notificationUrl } = this.settings;
    return notificationUrl === null ? {} : { 'x-override-notification': notificationUrl };
  }
}

const idempotent = (wishId: WishId) => ({ 'idempotency-key': wishId });

const pathId = (subject: GatewayReference): string =>
  encodeURIComponent('transactionId' in subject ? subject.transactionId : subject.orderId);

const unknown = (message: string): GatewayFailure => ({ type: 'unknown', message });

/** Midtrans asked the bank, and the bank said no: nothing has changed (midtrans-facts 3.4, 5.6). */
const declined = ({ code, message }: Done): GatewayFailure => ({
  type: 'refused',
  because: 'request',
  statusCode: code,
  message,
  firstSend: true,
});

type Transaction = { readonly type: 'transaction'; readonly observation: GatewayObservation };
type Unreadable = Extract<LookAnswer, { readonly type: 'unreadable' }>;

const transactionOf = ({ code, body }: Done): Transaction | Unreadable => {
  try {
    return { type: 'transaction', observation: observationOf(body) };
  } catch (error) {
    if (!(error instanceof UnreadableTransaction)) throw error;
    const message = `Midtrans answered ${code} without a transaction that can be read: ${error.message}`;
    return { type: 'unreadable', message };
  }
};

/** What was to change something may have done so, whatever the answer is like. */
const orDoubt = (answer: Transaction | Unreadable): Transaction | GatewayFailure =>
  answer.type === 'unreadable' ? unknown(answer.message) : answer;

const chargedTransaction = (order: ChargeOrder, called: Done): ChargeAnswer => {
  if (called.code === 202 && called.body['transaction_status'] === undefined) return declined(called);
  const answer = orDoubt(transactionOf(called));
  const isOurs = answer.type !== 'transaction' || answer.observation.orderId === order.orderId;
  return isOurs ? answer : unknown('Midtrans answered about another order');
};

const pageOf = ({ body }: Done): ChargeAnswer => {
  const { token, redirect_url: redirectUrl } = body;
  if (typeof token !== 'string' || typeof redirectUrl !== 'string') return unknown('Midtrans answered without a page');
  return { type: 'page', token, redirectUrl };
};

/**
 * `refund_amount` of the answer is this refund in one place of Midtrans' documents and the total in another (midtrans-facts 5.6),
 * so the amount is that of our key in `refunds[]`, else what was asked for: Midtrans refunds all of it or nothing.
 */
const refundOf = (order: OrderOf<'refund'>, called: Done): RefundAnswer => {
  if (called.code === 202) return declined(called);
  if (called.body['status_code'] === undefined || called.code === 407)
    return unknown('Midtrans did not say what it did');
  const ours = refundInAnswer(order, called);
  return { type: 'accepted', amount: ours?.amount ?? order.amount, confirmedAt: ours?.confirmedAt ?? null };
};

const refundInAnswer = ({ refundKey }: OrderOf<'refund'>, { body }: Done): ObservedRefund | undefined => {
  try {
    return refundsOf(body).find((refund) => refund.refundKey === refundKey);
  } catch {
    return undefined; // That it was accepted stands, whatever else the list says.
  }
};
