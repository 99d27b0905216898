import type { AllStreamSubscription, Position } from '@eventstore/db-client';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { NoAnswer } from './answers.js';
import type { Recorded } from './event-json.js';

/** What was there when it was asked for. */
export interface Taken {
  readonly recorded: readonly Recorded[];
  /** How far the server has come with that, also past events that its filter left out. */
  readonly reached: Position;
  /** The server had nothing more. */
  readonly atEnd: boolean;
}

interface Limits {
  readonly signal: AbortSignal;
  readonly batchMax: number;
  /** Events that wait here for a slow consumer; further ones wait at the server. */
  readonly waitingMax: number;
  readonly confirmedWithinMs: number;
}

export type CheckpointReached = (subscription: AllStreamSubscription, position: Position) => void;

/**
 * Takes what a subscription has, again and again, until `signal` aborts.
 * @throws what ended the subscription
 */
export async function* takenFrom(
  subscribe: (checkpointReached: CheckpointReached) => AllStreamSubscription,
  limits: Limits,
): AsyncGenerator<Taken, void> {
  const { signal } = limits;
  if (signal.aborted) return;
  const open = new OpenSubscription(subscribe, limits);
  signal.addEventListener('abort', open.stir);
  try {
    while (!signal.aborted) {
      const taken = open.take();
      if (taken) yield taken;
      else await open.stirred();
    }
  } finally {
    signal.removeEventListener('abort', open.stir);
    open.close();
  }
}

class OpenSubscription {
  private readonly waiting: Recorded[] = [];
  /** Told by the server after the events before it, so it holds once these are taken. */
  private checkpoint: Position | undefined;
  private caughtUp = false;
  private failure: Error | undefined;
  private isClosed = false;
  private isStirred = false;
  private wake: (() => void) | undefined;
  private readonly subscription: AllStreamSubscription;
  private readonly confirmation: NodeJS.Timeout;

  constructor(
    subscribe: (checkpointReached: CheckpointReached) => AllStreamSubscription,
    private readonly limits: Limits,
  ) {
    this.subscription = subscribe((_, position) => this.reach(position));
    const unconfirmed = () => this.fail(new NoAnswer('The subscription was not confirmed'));
    this.confirmation = setTimeout(unconfirmed, limits.confirmedWithinMs);
    this.subscription
      .on('confirmation', () => clearTimeout(this.confirmation))
      .on('data', ({ event }) => this.receive(event))
      .on('error', (error) => this.fail(error))
      .on('end', () => this.fail(new Error('The server ended the subscription')));
    this.subscription.on('caughtUp', () => (this.caughtUp = true));
    this.subscription.on('fellBehind', () => (this.caughtUp = false));
  }

  /** What there is, or undefined when there is nothing new. @throws what ended the subscription, once all before it is taken */
  take(): Taken | undefined {
    const recorded = this.waiting.splice(0, this.limits.batchMax);
    const isDrained = this.waiting.length === 0 && this.subscription.readableLength === 0;
    if (this.waiting.length < this.limits.waitingMax) this.subscription.resume();
    const checkpoint = isDrained ? this.takeCheckpoint() : undefined;
    const reached = laterOf(recorded.at(-1)?.position, checkpoint);
    if (reached) return { recorded, reached, atEnd: isDrained && this.caughtUp };
    if (this.failure) throw this.failure;
    return undefined;
  }

  /** Resolves when there may be something new, and what arrived together is all there. */
  async stirred(): Promise<void> {
    if (!this.isStirred) await new Promise<void>((resolve) => (this.wake = resolve));
    await nextTurn();
    this.isStirred = false;
  }

  readonly stir = (): void => {
    this.isStirred = true;
    this.wake?.();
  };

  close(): void {
    clearTimeout(this.confirmation);
    // What is left flows by: the client holds on to a subscription that is not read to its end.
    this.isClosed = true;
    this.subscription.resume();
    void this.subscription.unsubscribe().catch(() => undefined);
  }

  private receive(event: Recorded | undefined): void {
    if (this.isClosed || !event) return;
    this.waiting.push(event);
    if (this.waiting.length >= this.limits.waitingMax) this.subscription.pause();
    this.stir();
  }

  private takeCheckpoint(): Position | undefined {
    const { checkpoint } = this;
    this.checkpoint = undefined;
    return checkpoint;
  }

  private reach(position: Position): void {
    this.checkpoint = position;
    this.stir();
  }

  private fail(failure: Error): void {
    this.failure ??= failure;
    this.stir();
  }
}

const laterOf = (one: Position | undefined, other: Position | undefined): Position | undefined => {
  if (!one || !other) return one ?? other;
  return other.commit > one.commit || (other.commit === one.commit && other.prepare > one.prepare) ? other : one;
};
