import { createHash, createSecretKey, randomUUID, timingSafeEqual, type KeyObject } from 'node:crypto';
import { Router } from '@koa/router';
import { errors, jwtVerify } from 'jose';
import Koa from 'koa';
import { MongoServerError, type Collection } from 'mongodb';
import type { Pool } from 'undici';
import { z } from 'zod';

export interface PaymentRow {
  readonly _id: string;
  readonly order_id: string;
  readonly user_id: string;
  readonly payment_type: string;
  readonly gross_amount: number;
  readonly status: string;
  readonly transaction_id: string | null;
  readonly payment_details: Readonly<Record<string, unknown>>;
  readonly customer_details: Readonly<Record<string, unknown>> | null;
  readonly created_at: Date;
  readonly updated_at: Date;
  /** What Midtrans answered to the charge, and what it sent last. */
  readonly charge?: Readonly<Record<string, unknown>>;
  readonly notification?: Readonly<Record<string, unknown>>;
}

export interface Parts {
  readonly payments: Collection<PaymentRow>;
  readonly midtrans: Pool;
  readonly jwtSecret: string;
  readonly serverKey: string;
}

/** Payments as rows (README.md): POST /payments, GET /payments/{id}, and the webhook of Midtrans. */
export const createApp = (parts: Parts): Koa => {
  const jwtKey = createSecretKey(parts.jwtSecret, 'utf8');
  const router = new Router();
  router.get('/healthz', (ctx) => void (ctx.body = { status: 'ok' }));

  router.post('/payments/webhooks/midtrans', async function receiveNotification(ctx) {
    const notification = Notification.parse(await jsonOf(ctx));
    if (!isSigned(notification, parts.serverKey)) throw new Refused(400, 'The signature is wrong');
    await update(parts.payments, notification);
    ctx.body = { status: 'ok' };
  });

  router.post('/payments', async function postPayment(ctx) {
    const { sub } = await callerOf(ctx, jwtKey);
    const row = newRow(PaymentOrder.parse(await jsonOf(ctx)), sub);
    // Whoever holds the order id charges; the second of two gets a duplicate key.
    await parts.payments.insertOne(row);
    const charge = await charged(row, parts);
    const { transaction_id, transaction_status: status } = charge;
    // The customer may have paid already, and the webhook said so.
    await parts.payments.updateOne(
      { _id: row._id, status: row.status },
      { $set: { status, transaction_id, charge, updated_at: new Date() } },
    );
    ctx.status = status === 'failure' ? 502 : 201;
    ctx.body = shown({ ...row, status, transaction_id, charge });
  });

  router.get('/payments/:id', async function getPayment(ctx) {
    const { sub, roles } = await callerOf(ctx, jwtKey);
    const row = await parts.payments.findOne({ _id: ctx.params['id'] ?? '' }, { projection: { notification: 0 } });
    const isTheirs = row?.user_id === sub || roles.includes('support');
    if (row === null || !isTheirs) throw new Refused(404, 'There is no such payment');
    ctx.body = shown(row);
  });

  const app = new Koa();
  app.use(answerErrors);
  app.use(router.routes());
  return app;
};

const PaymentOrder = z.object({
  order_id: z.string().regex(/^[A-Za-z0-9._~-]{1,50}$/),
  payment_type: z.literal('bank_transfer'),
  gross_amount: z.int().positive(),
  payment_details: z.object({ bank: z.enum(['bca', 'bni', 'bri', 'cimb']) }),
  customer_details: z.record(z.string(), z.unknown()).optional(),
});

const newRow = (order: z.infer<typeof PaymentOrder>, userId: string): PaymentRow => ({
  _id: randomUUID(),
  ...order,
  user_id: userId,
  customer_details: order.customer_details ?? null,
  status: 'initiated',
  transaction_id: null,
  created_at: new Date(),
  updated_at: new Date(),
});

/** A refusal has neither. */
const ChargeAnswer = z.looseObject({
  transaction_id: z.string().nullable().default(null),
  transaction_status: z.string().default('failure'),
});

const charged = async (row: PaymentRow, { midtrans, serverKey }: Parts): Promise<z.infer<typeof ChargeAnswer>> => {
  const { body } = await midtrans.request({
    method: 'POST',
    path: '/v2/charge',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      authorization: `Basic ${Buffer.from(`${serverKey}:`).toString('base64')}`,
      'idempotency-key': row._id,
    },
    body: JSON.stringify({
      payment_type: row.payment_type,
      transaction_details: { order_id: row.order_id, gross_amount: row.gross_amount },
      bank_transfer: row.payment_details,
      ...(row.customer_details && { customer_details: row.customer_details }),
    }),
  });
  return ChargeAnswer.parse(await body.json());
};

const Notification = z.looseObject({
  order_id: z.string(),
  transaction_id: z.string(),
  transaction_status: z.string(),
  status_code: z.string(),
  gross_amount: z.string(),
  signature_key: z.string(),
});

type Notification = z.infer<typeof Notification>;

const isSigned = ({ order_id, status_code, gross_amount, signature_key }: Notification, serverKey: string): boolean => {
  const expected = createHash('sha512')
    .update(order_id + status_code + gross_amount + serverKey)
    .digest();
  const claimed = Buffer.from(signature_key, 'hex');
  return claimed.length === expected.length && timingSafeEqual(claimed, expected);
};

/** A status may be followed by one further down, and by itself. */
const ranks: Readonly<Record<string, number>> = {
  initiated: 0,
  pending: 1,
  authorize: 2,
  capture: 3,
  deny: 4,
  cancel: 4,
  expire: 4,
  failure: 4,
  settlement: 4,
  partial_refund: 5,
  refund: 6,
};

/** In one step, so that two notifications at once cannot undo each other. One that comes too late changes nothing. */
const update = async (payments: Collection<PaymentRow>, notification: Notification): Promise<void> => {
  const { order_id, transaction_id, transaction_status: status } = notification;
  const rank = ranks[status] ?? -1;
  const before = Object.keys(ranks).filter((name) => name === status || (ranks[name] ?? 0) < rank);
  const change = { $set: { status, transaction_id, notification, updated_at: new Date() } };
  const { matchedCount } = await payments.updateOne({ order_id, status: { $in: before } }, change);
  if (matchedCount === 0 && (await payments.countDocuments({ order_id }, { limit: 1 })) === 0)
    throw new Refused(404, 'There is no such order');
};

const shown = ({ _id, charge, ...row }: Omit<PaymentRow, 'notification'>): object => ({
  id: _id,
  ...row,
  payment_details: { ...row.payment_details, va_numbers: charge?.['va_numbers'] },
});

const Claims = z.object({ sub: z.string(), roles: z.array(z.string()).default([]) });

const callerOf = async (ctx: Koa.Context, key: KeyObject): Promise<z.infer<typeof Claims>> => {
  const token = ctx.get('authorization').replace(/^Bearer /, '');
  const { payload } = await jwtVerify(token, key, { algorithms: ['HS256'], requiredClaims: ['exp', 'sub'] });
  return Claims.parse(payload);
};

const jsonOf = async (ctx: Koa.Context): Promise<unknown> => {
  const chunks: Buffer[] = [];
  for await (const chunk of ctx.req) chunks.push(chunk as Buffer);
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new Refused(400, 'The body is no JSON');
  }
};

class Refused extends Error {
  override readonly name = 'Refused';
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

const duplicateKey = 11000;

const answerErrors: Koa.Middleware = async (ctx, next) => {
  try {
    await next();
  } catch (error) {
    ctx.status = statusOf(error);
    ctx.body = { message: ctx.status === 500 ? 'Something went wrong' : String(error) };
    if (ctx.status === 500) process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  }
};

const statusOf = (error: unknown): number => {
  if (error instanceof Refused) return error.status;
  if (error instanceof z.ZodError) return 400;
  if (error instanceof errors.JOSEError) return 401;
  return error instanceof MongoServerError && error.code === duplicateKey ? 409 : 500;
};
