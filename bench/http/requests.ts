import { randomUUID } from 'node:crypto';
import { makeToken } from '../../src/infrastructure/tokens.js';
import { notificationBody, type PaidOrder } from '../log/notification-body.js';
import { benchSecrets } from '../processes/service.js';

/** What is asked of a server. */
export type Kind =
  /** Of the orders 0 to `orders`, one after the other, again and again. */
  | { readonly of: 'notifications'; readonly orders: number }
  | { readonly of: 'payments' }
  /** The call to Midtrans that making a payment ends in. */
  | { readonly of: 'charges' }
  | { readonly of: 'reads'; readonly ids: readonly string[] };

export interface PreparedRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Any other answer ends the measurement. */
  readonly status: number;
}

/** Gives the requests one by one. What is costly about them is done before. */
export const requestsOf = async (kind: Kind): Promise<() => PreparedRequest> => {
  switch (kind.of) {
    case 'notifications':
      return inTurn(notifications(kind.orders));
    case 'payments':
      return payments(await bearer());
    case 'charges':
      return charges();
    case 'reads':
      return inTurn(reads(kind.ids, await bearer()));
  }
};

const inTurn = (requests: readonly PreparedRequest[]): (() => PreparedRequest) => {
  let sent = 0;
  return () => {
    const request = requests[sent++ % requests.length];
    if (request === undefined) throw new Error('There is nothing to ask for');
    return request;
  };
};

const json = { 'content-type': 'application/json' };
/** Of every payment, in rupiah. */
export const amount = 50_000;

/** The name of one of those that exist beforehand. */
export const orderNumbered = (n: number): string => `order-${n}`;

/** Signed, each of an order of its own. */
const notifications = (orders: number): readonly PreparedRequest[] =>
  Array.from({ length: orders }, (_, n) =>
    notificationOf({ orderId: orderNumbered(n), transactionId: randomUUID(), amount, vaNumber: `8127850${n}` }),
  );

export const notificationOf = (paid: PaidOrder): PreparedRequest => ({
  method: 'POST',
  path: '/payments/webhooks/midtrans',
  headers: json,
  status: 200,
  body: notificationBody(paid, benchSecrets.MIDTRANS_SERVER_KEY),
});

const payments = (authorization: string) => (): PreparedRequest => paymentOf(`order-${randomUUID()}`, authorization);

export const paymentOf = (orderId: string, authorization: string): PreparedRequest => ({
  method: 'POST',
  path: '/payments',
  headers: { ...json, authorization },
  status: 201,
  body: JSON.stringify({
    order_id: orderId,
    payment_type: 'bank_transfer',
    gross_amount: amount,
    payment_details: { bank: 'bca' },
    customer_details: { first_name: 'Budi', email: 'budi@example.com', phone: '+6281223323423' },
  }),
});

const charges = () => {
  const authorization = `Basic ${Buffer.from(`${benchSecrets.MIDTRANS_SERVER_KEY}:`).toString('base64')}`;
  return (): PreparedRequest => {
    const wishId = randomUUID();
    return {
      method: 'POST',
      path: '/v2/charge',
      headers: { ...json, authorization, accept: 'application/json', 'idempotency-key': wishId },
      status: 200,
      body: JSON.stringify({
        payment_type: 'bank_transfer',
        transaction_details: { order_id: `order-${wishId}`, gross_amount: amount },
        bank_transfer: { bank: 'bca' },
        customer_details: { first_name: 'Budi', email: 'budi@example.com', phone: '+6281223323423' },
        custom_field3: wishId,
      }),
    };
  };
};

/** To the simulator: what the customer does. */
export const payOf = (orderId: string): PreparedRequest => ({
  method: 'POST',
  path: `/_simulator/transactions/${orderId}/pay`,
  headers: json,
  status: 200,
});

const reads = (ids: readonly string[], authorization: string): readonly PreparedRequest[] =>
  ids.map((id) => readOf(id, authorization));

export const readOf = (id: string, authorization: string): PreparedRequest => ({
  method: 'GET',
  path: `/payments/${id}`,
  headers: { authorization },
  status: 200,
});

/** Somebody who makes payments and may read all. */
export const bearer = async (): Promise<string> =>
  `Bearer ${await makeToken({ sub: 'bench', roles: ['customer', 'support'], ttlSeconds: 3_600 }, benchSecrets.JWT_SECRET)}`;
