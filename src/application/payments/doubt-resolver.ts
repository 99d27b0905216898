import { mayAskForPage } from '../../domain/payments/decide-charge.js';
import { nextLookAt } from '../../domain/payments/doubts.js';
import type { Durations } from '../../domain/payments/durations.js';
import { paymentId, type PaymentId } from '../../domain/payments/identity.js';
import { systemCause, type Cause } from '../audit/cause.js';
import { backoffMs } from '../followers/backoff.js';
import type { LeftWork } from '../followers/left-work.js';
import type { Clock } from '../ports/clock.js';
import type { Documents, Scalar } from '../ports/documents.js';
import type { Ids } from '../ports/ids.js';
import type { Journal } from '../ports/journal.js';
import type { ChargeOrder } from '../ports/payment-gateway.js';
import type { ActionCall } from './action-call.js';
import type { ChargeCall } from './charge-call.js';
import type { DoubtAlarms } from './doubt-alarms.js';
import { subjectsInDoubt, type GatewayLooks } from './gateway-looks.js';
import type { PageOrders } from './page-orders.js';
import { paymentCollection } from './payment-collection.js';
import type { KnownAt, PaymentHistories, TimelessCommand } from './payment-histories.js';
import type { RefundCall } from './refund-call.js';

export interface DoubtResolverParts {
  readonly histories: PaymentHistories;
  readonly looks: GatewayLooks;
  readonly chargeCall: ChargeCall;
  readonly actionCall: ActionCall;
  readonly refundCall: RefundCall;
  readonly pageOrders: PageOrders;
  readonly documents: Documents;
  readonly doubtAlarms: DoubtAlarms;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly journal: Journal;
  readonly durations: Durations;
  readonly leftWork: LeftWork;
}

const roundMs = 1_000;
const paymentsAtOnce = 16;
const paymentsARound = 200;
const firstPauseMs = 2_000;
const longestPauseMs = 10 * 60_000;
const earlyPauseMs = 60_000;

const everyPayment = (): boolean => true;

/** How far a look after a payment has brought it. */
type Settled =
  | 'moved'
  /** Not due, or not any more; the read model will know soon, if it does not expect a look that failed. */
  | 'early'
  /** Due as before, though Midtrans has answered: it will hardly say something else soon. */
  | 'unmoved'
  /** Midtrans could not be asked, or did not tell. */
  | 'unasked';

/**
 * Settles what is in doubt by looking at Midtrans, on the schedule of design D3. What is due is told by the read model, and by
 * nothing in memory: a restart loses no doubt. Every further send is claimed in the log first, so of many resolvers one sends.
 */
export class DoubtResolver {
  /** Payments that a look did not move on, or that could not be looked after: to be left alone until then, in monotonic ms. */
  private readonly resting = new Map<PaymentId, { readonly failures: number; readonly untilMs: number }>();

  constructor(private readonly parts: DoubtResolverParts) {}

  /**
   * Until `signal` aborts.
   * @param isOurs of the payments that this process looks after, where several share the work
   */
  async run(signal: AbortSignal, isOurs: (id: PaymentId) => boolean = everyPayment): Promise<void> {
    const { clock, journal } = this.parts;
    while (!signal.aborted) {
      try {
        await this.round(signal, isOurs);
      } catch (error) {
        journal.error('A round of settling doubts failed; the next begins in a moment', {}, error);
      }
      await clock.sleep(roundMs, signal);
    }
  }

  /** Looks once after every payment that is due. */
  async round(signal: AbortSignal, isOurs: (id: PaymentId) => boolean = everyPayment): Promise<void> {
    const found = await this.due(isOurs);
    this.forgetOthers(new Set(found));
    const due = found.filter((id) => !this.isResting(id));
    for (let from = 0; from < due.length && !signal.aborted; from += paymentsAtOnce) {
      const some = due.slice(from, from + paymentsAtOnce).map((id) => this.settleSafely(id));
      await this.parts.leftWork.untilPutDown(Promise.all(some), signal);
    }
  }

  private async due(isOurs: (id: PaymentId) => boolean): Promise<readonly PaymentId[]> {
    const now = this.parts.clock.now();
    // Those that rest must not stand in the way of the others.
    const wanted = paymentsARound + this.resting.size;
    const ours: PaymentId[] = [];
    let after: readonly Scalar[] | undefined;
    do {
      const page = await this.parts.documents.find(paymentCollection, {
        shape: 'toLookAfter',
        where: [{ field: 'look_at', to: now }],
        limit: wanted,
        ...(after && { after }),
      });
      ours.push(...page.map(({ id }) => paymentId(id)).filter(isOurs));
      const last = page.length === wanted ? page.at(-1) : undefined;
      after = last && [last.document['look_at'] as string, last.id];
    } while (after && ours.length < wanted);
    return ours;
  }

  /** What is settled by now, by whomever. */
  private forgetOthers(due: ReadonlySet<PaymentId>): void {
    for (const id of this.resting.keys()) if (!due.has(id)) this.resting.delete(id);
  }

  private isResting(id: PaymentId): boolean {
    const rest = this.resting.get(id);
    return rest !== undefined && this.parts.clock.monotonicMs() < rest.untilMs;
  }

  private async settleSafely(id: PaymentId): Promise<void> {
    try {
      const settled = await this.settle(id);
      if (settled === 'moved') this.resting.delete(id);
      else this.rest(id, this.longestRestMs(settled));
    } catch (error) {
      this.rest(id);
      this.parts.journal.error(
        'A payment in doubt could not be looked after; it will be again',
        { payment_id: id },
        error,
      );
    }
  }

  private longestRestMs(settled: Exclude<Settled, 'moved'>): number {
    const { lookEveryMs } = this.parts.durations;
    return { early: earlyPauseMs, unasked: longestPauseMs, unmoved: lookEveryMs }[settled];
  }

  private rest(id: PaymentId, longestMs = longestPauseMs): void {
    const failures = (this.resting.get(id)?.failures ?? -1) + 1;
    const untilMs = this.parts.clock.monotonicMs() + backoffMs(failures, firstPauseMs, longestMs);
    this.resting.set(id, { failures, untilMs });
  }

  private async settle(id: PaymentId): Promise<Settled> {
    const correlationId = this.parts.ids.next();
    const cause = systemCause('doubt-resolver', correlationId);
    const payment = await this.afterGivingUp(id, cause);
    if (payment === undefined) return 'moved';
    // A person who is told of a doubt shall be told what Midtrans says now.
    const raised = await this.parts.doubtAlarms.raiseWhenOld(payment);
    if (!raised && !this.isDue(payment)) return 'early';

    const order = await this.pageToAskFor(payment);
    if (order) return this.askForPageAgain(order, payment, cause);
    const looked = await this.lookAtAll(payment, cause);
    if (looked === undefined) return 'unasked';
    const acted = await this.sendActionAgain(looked, cause);
    const settled = await this.sendRefundsAgain(acted, cause);
    return this.isDue(settled) ? 'unmoved' : 'moved';
  }

  /** undefined: Midtrans could not be asked. */
  private async lookAtAll(payment: KnownAt, cause: Cause): Promise<KnownAt | undefined> {
    let current = payment;
    for (const subject of subjectsInDoubt(payment.state)) {
      // A charge is not sent again, so that only a look on record sets the time of the next.
      const noteLook = current.state.charge.phase === 'calling';
      const looked = await this.parts.looks.look(current, cause, { subject, noteLook });
      if (looked.failure) return undefined;
      current = looked.payment;
    }
    return current;
  }

  private async afterGivingUp(id: PaymentId, cause: Cause): Promise<KnownAt | undefined> {
    const given = await this.parts.histories.transact(id, { type: 'GiveUpWaiting' }, cause);
    return given.type === 'done' ? given.payment : undefined;
  }

  private isDue({ state }: KnownAt): boolean {
    const at = nextLookAt(state, this.parts.durations);
    return at !== null && at <= this.parts.clock.now();
  }

  /** undefined: no page is in doubt; or its time is over, or its customer's data is erased, so that it can only be looked for. */
  private async pageToAskFor({ id, state }: KnownAt): Promise<ChargeOrder | undefined> {
    const { clock, durations, pageOrders } = this.parts;
    return mayAskForPage(state, clock.now(), durations) ? pageOrders.find(id) : undefined;
  }

  /** A token moves no money: asking again is the way to know it (design D3). */
  private async askForPageAgain(order: ChargeOrder, payment: KnownAt, cause: Cause): Promise<Settled> {
    const claimed = await this.claim(payment, { type: 'ClaimCharge' }, cause);
    if (!claimed) return 'moved';
    const { failure } = await this.parts.chargeCall.execute(order, claimed, cause);
    return failure === null ? 'moved' : 'unasked';
  }

  /** In doubt and still in the state before: it is sent again. */
  private async sendActionAgain(payment: KnownAt, cause: Cause): Promise<KnownAt> {
    if (payment.state.action === null) return payment;
    const claimed = await this.claim(payment, { type: 'ClaimAction' }, cause);
    return claimed ? (await this.parts.actionCall.execute(claimed, cause)).payment : payment;
  }

  /** Absent from `refunds[]`: sent again with the same key. */
  private async sendRefundsAgain(payment: KnownAt, cause: Cause): Promise<KnownAt> {
    let current = payment;
    for (const { refundKey, transactionId, wish, abandoned } of payment.state.refunds) {
      if (!wish || abandoned) continue;
      const claimed = await this.claim(current, { type: 'ClaimRefund', refundKey }, cause);
      // Only to be looked for: the look goes on record, which sets the time of the next.
      const called = claimed
        ? await this.parts.refundCall.execute(claimed, refundKey, cause)
        : await this.parts.looks.look(current, cause, { subject: { transactionId }, noteLook: true });
      current = called.payment;
    }
    return current;
  }

  /** The log is the fence: who loses the append does not call. undefined: it was lost, or is not due. */
  private async claim(payment: KnownAt, command: TimelessCommand, cause: Cause): Promise<KnownAt | undefined> {
    const claimed = await this.parts.histories.transact(payment.id, command, cause, payment);
    return claimed.type === 'done' ? claimed.payment : undefined;
  }
}
