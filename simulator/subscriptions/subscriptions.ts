import { randomInt, randomUUID } from 'node:crypto';
import { ZodError } from 'zod';
import type { SimulatorClock } from '../clock/simulator-clock.js';
import type { GopayAccounts } from '../gopay-accounts/gopay-accounts.js';
import { writeJson } from '../http/json.js';
import { Refusal, invalidPayload, subscriptionRefusal } from '../http/refusal.js';
import { readAs, validationMessages } from '../http/validation.js';
import type { Outbox } from '../notifications/outbox.js';
import type { Collection, Store } from '../store/store.js';
import type { Charging } from '../transactions/charging.js';
import type { Merchant } from '../transactions/messages.js';
import type { Fields, Transaction } from '../transactions/transaction.js';
import type { Subscription } from './subscription.js';
import { enabled, executed, failed, intervalsAfter, nextWorkAt } from './subscription.js';
import { chargeNotice, chargeOutcome, creationNotice, subscriptionAnswer } from './subscription-messages.js';
import { subscriptionPatchSchema, subscriptionSchema } from './subscription-request.js';

const updated: Fields = { status_message: 'Subscription is updated.' };
const noNotificationUrls = { override: [], append: [] };

/** Charges that repeat by themselves (midtrans-facts 5.11). */
export class Subscriptions {
  private readonly subscriptions: Collection<Subscription>;

  constructor(
    store: Store,
    private readonly clock: SimulatorClock,
    private readonly charging: Charging,
    private readonly accounts: GopayAccounts,
    private readonly outbox: Outbox,
    private readonly merchant: Merchant,
    private readonly notificationUrl: string | undefined,
  ) {
    this.subscriptions = store.collection('subscriptions');
    for (const subscription of this.subscriptions.values()) this.schedule(subscription);
  }

  /** Newest first. */
  all(): Subscription[] {
    return [...this.subscriptions.values()].reverse();
  }

  /** Throws what `create` would refuse. */
  check(body: unknown): void {
    newSubscription(body, this.clock.now());
  }

  create(body: unknown): Fields {
    const subscription = newSubscription(body, this.clock.now());
    this.keep(subscription);
    this.announce(subscription, 'subscription created', creationNotice(subscription, this.merchant.merchantId));
    return subscriptionAnswer(subscription);
  }

  show(id: string): Fields {
    return subscriptionAnswer(this.known(id));
  }

  update(id: string, body: unknown): Fields {
    const subscription = this.known(id);
    const { name, amount, token, schedule } = readAs(subscriptionPatchSchema, body ?? {});
    this.keep({
      ...subscription,
      name: name ?? subscription.name,
      amount: amount ?? subscription.amount,
      token: token ?? subscription.token,
      interval: schedule?.interval ?? subscription.interval,
      intervalUnit: schedule?.interval_unit ?? subscription.intervalUnit,
    });
    return updated;
  }

  /** No further charges; a retry that is pending still runs. */
  disable(id: string): Fields {
    this.keep({ ...this.known(id), status: 'inactive' });
    return updated;
  }

  enable(id: string): Fields {
    this.keep(enabled(this.known(id), this.clock.now()));
    return updated;
  }

  /** No further charges and no retries. */
  cancel(id: string): Fields {
    this.keep({ ...this.known(id), status: 'inactive', canceled: true, retryAt: null });
    return updated;
  }

  private known(id: string): Subscription {
    const subscription = this.subscriptions.get(id);
    if (!subscription) throw subscriptionRefusal(404, "Subscription doesn't exist.");
    return subscription;
  }

  private keep(subscription: Subscription): void {
    const { gopayAccountId: account, token } = subscription;
    if (account !== null) this.accounts.hold(account, token);
    this.subscriptions.put(subscription.id, subscription);
    this.schedule(subscription);
  }

  private schedule(subscription: Subscription): void {
    const at = nextWorkAt(subscription);
    if (at === undefined) return;
    this.clock.at(at, () => {
      // Changed since: it was scheduled again then.
      if (this.subscriptions.get(subscription.id) === subscription) this.execute(subscription);
    });
  }

  private execute(subscription: Subscription): void {
    const now = this.clock.now();
    try {
      const transaction = this.charge(subscription);
      const after =
        transaction.status === 'deny' ? failed(subscription, now) : executed(subscription, transaction.id, now);
      this.conclude(after, chargeOutcome(transaction));
    } catch (error) {
      // What Midtrans would have refused is a charge that failed; the schedule goes on.
      const { status_code: code = '500', status_message: message = '' } = refusalIn(error).body;
      this.conclude(failed(subscription, now), { status_code: code, status_message: message });
    }
  }

  private conclude(subscription: Subscription, outcome: Fields): void {
    this.keep(subscription);
    this.announce(subscription, 'subscription charge', chargeNotice(subscription, outcome, this.merchant.merchantId));
  }

  private charge(subscription: Subscription): Transaction {
    const digits = Array.from({ length: 32 }, () => randomInt(10)).join('');
    return this.charging.chargeRecurring(
      {
        payment_type: subscription.paymentType,
        transaction_details: { order_id: subscription.name + digits, gross_amount: Number(subscription.amount) },
        ...(subscription.paymentType === 'credit_card'
          ? { credit_card: { token_id: subscription.token, authentication: false, initiated_by: 'merchant' } }
          : {
              gopay: {
                account_id: subscription.gopayAccountId,
                payment_option_token: subscription.token,
                recurring: true,
              },
            }),
        metadata: subscription.metadata,
      },
      { urls: noNotificationUrls, snap: null },
    );
  }

  private announce(subscription: Subscription, event: string, body: Fields): void {
    if (this.notificationUrl === undefined) return;
    const message = { kind: 'subscription', subjectId: subscription.id, orderId: null, event } as const;
    this.outbox.send({ ...message, body: writeJson(body) }, [this.notificationUrl]);
  }
}

/** Without a start time the first charge comes one interval from now (midtrans-facts 5.11). */
const newSubscription = (body: unknown, now: number): Subscription => {
  const request = readAs(subscriptionSchema, body ?? {});
  const { schedule, retry_schedule: retry } = request;
  if (schedule.start_time && schedule.start_time < now) throw startTimePassed();
  const startTime = schedule.start_time ?? intervalsAfter(now, schedule.interval, schedule.interval_unit);
  return {
    id: randomUUID(),
    name: request.name,
    amount: request.amount,
    currency: request.currency,
    paymentType: request.payment_type,
    token: request.token,
    gopayAccountId: request.gopay?.account_id ?? null,
    interval: schedule.interval,
    intervalUnit: schedule.interval_unit,
    // 0 means one execution.
    executionsMax: typeof schedule.max_interval === 'number' ? Math.max(1, schedule.max_interval) : null,
    executions: 0,
    startTime,
    previousExecutionAt: null,
    nextExecutionAt: startTime,
    retry: retry ? { interval: retry.interval, intervalUnit: retry.interval_unit, max: retry.max_interval } : null,
    retryAt: null,
    retriesMade: 0,
    status: 'active',
    canceled: false,
    metadata: request.metadata ?? null,
    customerDetails: (request.customer_details as Fields | null | undefined) ?? null,
    transactionIds: [],
    createdAt: now,
  };
};

/** Throws on what is our own fault. */
const refusalIn = (error: unknown): Refusal => {
  if (error instanceof Refusal) return error;
  if (error instanceof ZodError) return invalidPayload(validationMessages(error));
  throw error;
};

const startTimePassed = (): Refusal =>
  subscriptionRefusal(400, 'Invalid parameter.', ['subscription.schedule.start_time must be in the future']);
