import { z } from 'zod';
import type { SimulatorClock } from '../clock/simulator-clock.js';
import type { Collection, Store } from '../store/store.js';
import { ruleOf } from '../methods/method-rules.js';
import type { Method } from '../methods/method-rules.js';
import { answer } from './answer.js';
import type { SimulatorContext, SimulatorMiddleware } from './context.js';

/** Longer keys are silently ignored (midtrans-facts 1.4). */
const keyCharactersMax = 46;
const windowMs = 300_000;
const subscriptionWindowMs = 180_000;

interface KeptAnswer {
  readonly httpStatus: number;
  readonly body: string;
  readonly expiresAt: number;
}

/** Answers given under an `Idempotency-Key`: one scope for all endpoints, five minutes, only successes. */
export class IdempotentAnswers {
  private readonly answers: Collection<KeptAnswer>;
  private readonly inFlight = new Set<string>();

  constructor(
    store: Store,
    private readonly clock: SimulatorClock,
  ) {
    this.answers = store.collection('idempotent_answers');
    for (const [key, { expiresAt }] of this.answers.entries()) this.forgetAt(key, expiresAt);
  }

  kept(key: string): KeptAnswer | undefined {
    const kept = this.answers.get(key);
    return kept && kept.expiresAt > this.clock.now() ? kept : undefined;
  }

  /** False while the first request with this key is being worked on. */
  claim(key: string): boolean {
    if (this.inFlight.has(key)) return false;
    this.inFlight.add(key);
    return true;
  }

  release(key: string): void {
    this.inFlight.delete(key);
  }

  keep(key: string, httpStatus: number, body: string, lifeMs: number): void {
    const expiresAt = this.clock.now() + lifeMs;
    this.answers.put(key, { httpStatus, body, expiresAt });
    this.forgetAt(key, expiresAt);
  }

  private forgetAt(key: string, expiresAt: number): void {
    this.clock.at(expiresAt, () => {
      if (this.answers.get(key)?.expiresAt === expiresAt) this.answers.delete(key);
    });
  }
}

/** Replays the answer of a POST made before with the same key, whatever the new body is (midtrans-facts 1.4). */
export const idempotency =
  (answers: IdempotentAnswers): SimulatorMiddleware =>
  async (ctx, next) => {
    const key = ctx.get('idempotency-key');
    if (ctx.method !== 'POST' || key === '' || key.length > keyCharactersMax || isExempt(ctx))
      return void (await next());

    const kept = answers.kept(key);
    if (kept) return replay(ctx, kept);
    // The body of this answer is not verified; one without a status_code cannot be taken for a denial.
    if (!answers.claim(key))
      return answer(ctx, { message: 'The request with this Idempotency-Key is being processed' }, 202);
    try {
      await next();
      const lifeMs = ctx.path.startsWith('/v1/subscriptions') ? subscriptionWindowMs : windowMs;
      if (isSuccess(ctx.status, ctx.body)) answers.keep(key, ctx.status, String(ctx.body), lifeMs);
    } finally {
      answers.release(key);
    }
  };

const replay = (ctx: Pick<SimulatorContext, 'status' | 'type' | 'body'>, kept: KeptAnswer): void => {
  ctx.status = kept.httpStatus;
  ctx.type = 'application/json';
  ctx.body = kept.body;
};

/** 407 is how a successful expire is answered. */
const isSuccess = (httpStatus: number, body: unknown): boolean => {
  if (httpStatus >= 400 || typeof body !== 'string') return false;
  const code = /"status_code":"(\d+)"/.exec(body)?.[1];
  return code === undefined || Number(code) < 300 || code === '407';
};

/** `/token` and `/account` endpoints, and charges of methods that do not support it. */
const isExempt = ({ path, state }: Pick<SimulatorContext, 'path' | 'state'>): boolean => {
  if (path.startsWith('/v2/pay/account') || path === '/v2/token') return true;
  return path === '/v2/charge' && !ruleOf(methodNamed(state.body)).idempotent;
};

const namedSchema = z.object({
  payment_type: z.string(),
  bank_transfer: z.object({ bank: z.string() }).optional().catch(undefined),
  cstore: z.object({ store: z.string().toLowerCase() }).optional().catch(undefined),
});

/** The method a charge names, as far as idempotency cares: one of the exempt ones, or any other. */
const methodNamed = (body: unknown): Method => {
  const { payment_type: type, bank_transfer: transfer, cstore } = namedSchema.safeParse(body).data ?? {};
  if (type === 'permata' || (type === 'bank_transfer' && transfer?.bank === 'permata')) return 'permata_va';
  if (type === 'cstore' && cstore?.store === 'indomaret') return 'indomaret';
  return type === 'cimb_clicks' || type === 'bca_klikbca' ? type : 'credit_card';
};
