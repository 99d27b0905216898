import type { Fields } from '../transactions/transaction.js';

export type IntervalUnit = 'day' | 'week' | 'month';

export interface Subscription {
  readonly id: string;
  readonly name: string;
  readonly amount: string;
  readonly currency: string;
  readonly paymentType: 'credit_card' | 'gopay';
  readonly token: string;
  readonly gopayAccountId: string | null;
  readonly interval: number;
  readonly intervalUnit: IntervalUnit;
  /** How many charges there will be; null is without end. */
  readonly executionsMax: number | null;
  readonly executions: number;
  readonly startTime: number;
  readonly previousExecutionAt: number | null;
  readonly nextExecutionAt: number;
  readonly retry: { readonly interval: number; readonly intervalUnit: IntervalUnit; readonly max: number } | null;
  /** Set while a failed charge will be tried again. */
  readonly retryAt: number | null;
  readonly retriesMade: number;
  readonly status: 'active' | 'inactive';
  readonly canceled: boolean;
  readonly metadata: Fields | null;
  readonly customerDetails: Fields | null;
  readonly transactionIds: readonly string[];
  readonly createdAt: number;
}

const dayMs = 86_400_000;

/** `count` intervals after `from`. A month ends on its last day when the day does not exist in it. */
export const intervalsAfter = (from: number, count: number, unit: IntervalUnit): number => {
  if (unit !== 'month') return from + count * (unit === 'week' ? 7 : 1) * dayMs;
  const date = new Date(from);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + count);
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, lastDay));
  return date.getTime();
};

/** When there is something to do; undefined when there will not be. */
export const nextWorkAt = (subscription: Subscription): number | undefined => {
  const { retryAt, status, canceled, nextExecutionAt } = subscription;
  if (retryAt !== null && !canceled) return retryAt;
  return status === 'active' ? nextExecutionAt : undefined;
};

/** After a charge that was made. */
export const executed = (subscription: Subscription, transactionId: string, now: number): Subscription => {
  const { executions, executionsMax, interval, intervalUnit } = subscription;
  const done = executions + 1;
  const isLast = executionsMax !== null && done >= executionsMax;
  return {
    ...subscription,
    executions: done,
    previousExecutionAt: now,
    nextExecutionAt: intervalsAfter(subscription.nextExecutionAt, interval, intervalUnit),
    retryAt: null,
    retriesMade: 0,
    status: isLast ? 'inactive' : subscription.status,
    transactionIds: [...subscription.transactionIds, transactionId],
  };
};

/** After a charge that failed: tried again by the retry schedule, and inactive when that is used up. */
export const failed = (subscription: Subscription, now: number): Subscription => {
  const { retry, retriesMade } = subscription;
  if (!retry || retriesMade >= retry.max) return { ...subscription, retryAt: null, status: 'inactive' };
  return {
    ...subscription,
    retriesMade: retriesMade + 1,
    retryAt: intervalsAfter(now, retry.interval, retry.intervalUnit),
  };
};

/** Enabled again: the next charge is the first slot that has not passed. */
export const enabled = (subscription: Subscription, now: number): Subscription => {
  let next = subscription.nextExecutionAt;
  while (next <= now) next = intervalsAfter(next, subscription.interval, subscription.intervalUnit);
  return { ...subscription, status: 'active', nextExecutionAt: next };
};
