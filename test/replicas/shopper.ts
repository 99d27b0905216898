import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonObject } from '../../src/domain/json.js';
import { send, type Answered as HttpAnswer } from '../service/caller.js';
import type { SimulatorHand } from '../service/simulator-hand.js';
import type { Chance } from './chance.js';
import { isAcknowledged, type Answered, type Ledger } from './ledger.js';
import { purchases, type ClerksAction, type Purchase, type Step } from './purchases.js';

export interface ShopperParts {
  readonly name: string;
  readonly token: string;
  readonly replicas: readonly { readonly name: string; readonly url: string }[];
  readonly simulator: SimulatorHand;
  readonly ledger: Ledger;
  readonly chance: Chance;
  /** Nothing new is begun once it aborts. */
  readonly signal: AbortSignal;
}

interface Request {
  readonly what: Answered['what'];
  readonly orderId: string;
  readonly path: string;
  readonly body: JsonObject;
  readonly refundKey?: string;
  /** Sent to two replicas at the same moment. */
  readonly twice: boolean;
  readonly idempotencyKey: string | undefined;
}

const answerWithinMs = 20_000;
const triesMax = 15;
const seenWithinMs = 15_000;
const pauseMs = 250;

/** A customer and the shop's clerk in one: makes payments, pays them, has them captured, cancelled and refunded. Never gives up early. */
export class Shopper {
  private orders = 0;

  constructor(private readonly parts: ShopperParts) {}

  async run(): Promise<void> {
    const { chance, signal } = this.parts;
    while (!signal.aborted) {
      await this.buy(chance.pick(purchases));
      await sleep(chance.between(20, 300));
    }
  }

  /** One order, to its end. */
  async buy(purchase: Purchase): Promise<void> {
    const { chance, name, simulator } = this.parts;
    const orderId = `${name}-${(this.orders += 1)}`;
    const amount = 1_000 * chance.between(20, 200);
    const details = await purchase.details(simulator, chance);
    const order = {
      order_id: orderId,
      payment_type: purchase.paymentType,
      gross_amount: amount,
      payment_details: details,
    };
    const made = await this.insist({
      what: 'make',
      orderId,
      path: '/payments',
      body: order,
      ...this.manner(`${orderId}/make`),
    });
    const id = made?.['id'];
    if (typeof id !== 'string') return;
    const steps = chance.pick(purchase.endings);
    for (const step of steps) {
      const payment = await this.seen(id, orderId, ({ in_doubt: inDoubt }) => inDoubt === false);
      if (payment === undefined) return;
      if (!(await this.take(step, id, orderId, payment))) return;
    }
  }

  /** false: it could not be, and nothing further makes sense. */
  private take(step: Step, id: string, orderId: string, payment: JsonObject): Promise<boolean> {
    if ('customer' in step) return this.customerDoes(step.customer, id, orderId, payment);
    if ('refund' in step) return this.refund(step.refund === 'all', id, orderId, payment);
    return this.clerkDoes(step.clerk, id, orderId, payment);
  }

  private async customerDoes(control: string, id: string, orderId: string, payment: JsonObject): Promise<boolean> {
    try {
      await this.parts.simulator.act(control, orderId);
    } catch {
      // Midtrans may not have it: its charge was never sent, or given up.
      return false;
    }
    return (await this.seen(id, orderId, ({ status }) => status !== payment['status'])) !== undefined;
  }

  private async clerkDoes(what: ClerksAction, id: string, orderId: string, payment: JsonObject): Promise<boolean> {
    const less = what === 'capture' && this.parts.chance.happens(0.5);
    const body: JsonObject = less ? { amount: Math.floor(Number(payment['gross_amount']) / 2) } : {};
    const path = `/payments/${id}/${what}`;
    return (await this.insist({ what, orderId, path, body, ...this.manner(`${orderId}/${what}`) })) !== undefined;
  }

  private async refund(whole: boolean, id: string, orderId: string, payment: JsonObject): Promise<boolean> {
    const { chance } = this.parts;
    const left = Number(payment['refundable_amount']);
    if (left === 0) return false;
    const amount = whole ? left : chance.between(1, Math.max(1, Math.floor(left / 2)));
    const refundKey = `${orderId}-${chance.between(100_000, 999_999)}`;
    const body = { amount, reason: 'did not fit', refund_key: refundKey };
    const manner = this.manner(`${orderId}/${refundKey}`);
    const answer = await this.insist({
      what: 'refunds',
      orderId,
      path: `/payments/${id}/refunds`,
      body,
      refundKey,
      ...manner,
    });
    return answer !== undefined;
  }

  private manner(key: string): Pick<Request, 'twice' | 'idempotencyKey'> {
    const { chance } = this.parts;
    return { twice: chance.happens(0.4), idempotencyKey: chance.happens(0.4) ? key : undefined };
  }

  /** Asks one replica after the other until one says yes or no for good; undefined: no, or nobody would say. */
  private async insist(request: Request): Promise<JsonObject | undefined> {
    const { chance, replicas } = this.parts;
    for (let tries = 0; tries < triesMax; tries += 1) {
      const places = chance.shuffled(replicas).slice(0, request.twice ? 2 : 1);
      const answers = await Promise.all(places.map((place) => this.ask(place, request)));
      const yes = answers.find(isAcknowledged);
      if (yes) return yes.body;
      if (answers.some(isFinal)) return undefined;
      await sleep(pauseMs * Math.min(tries + 1, 6));
    }
    return undefined;
  }

  private ask(place: ShopperParts['replicas'][number], request: Request): Promise<Answered> {
    const { what, orderId, path, body, refundKey, idempotencyKey } = request;
    const heard = this.heard(place.url + path, body, idempotencyKey ? { 'idempotency-key': idempotencyKey } : {});
    return this.noted(heard, {
      what,
      orderId,
      replica: place.name,
      ...(refundKey !== undefined && { refundKey }),
      ...(idempotencyKey !== undefined && { idempotencyKey }),
    });
  }

  /** The payment once some replica shows it so; undefined: not within the time. */
  private async seen(
    id: string,
    orderId: string,
    isSo: (payment: JsonObject) => boolean,
  ): Promise<JsonObject | undefined> {
    const { chance, replicas } = this.parts;
    const deadline = performance.now() + seenWithinMs;
    while (performance.now() < deadline) {
      const place = chance.pick(replicas);
      const read = this.heard(`${place.url}/payments/${id}`);
      const { status, body } = await this.noted(read, { what: 'read', orderId, replica: place.name });
      if (status === 200 && isSo(body)) return body;
      await sleep(pauseMs);
    }
    return undefined;
  }

  /** undefined: the connection broke, or there was no answer in time. */
  private async heard(
    url: string,
    body?: JsonObject,
    more: Readonly<Record<string, string>> = {},
  ): Promise<HttpAnswer | undefined> {
    const headers = { authorization: `Bearer ${this.parts.token}`, 'content-type': 'application/json', ...more };
    const posted = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    try {
      return await send(url, { ...posted, headers, signal: AbortSignal.timeout(answerWithinMs) });
    } catch {
      return undefined;
    }
  }

  private async noted(
    heard: Promise<HttpAnswer | undefined>,
    asked: Omit<Answered, 'status' | 'body' | 'isHit'>,
  ): Promise<Answered> {
    const answer = await heard;
    const isHit = answer?.headers.get('idempotency-hit') === 'true';
    const noted: Answered = { ...asked, status: answer?.status ?? null, body: answer?.body ?? {}, isHit };
    this.parts.ledger.answers.push(noted);
    return noted;
  }
}

/** No for good: of 409 only what passes by itself may be asked again. */
const isFinal = ({ status, body }: Answered): boolean => {
  if (status === null || status >= 500) return false;
  const codes = (body['errors'] as readonly JsonObject[] | undefined)?.map(({ code }) => code) ?? [];
  const passes = codes.includes('idempotency_in_progress') || codes.includes('concurrent_change');
  return !passes;
};
