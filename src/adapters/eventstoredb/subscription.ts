import type { AllStreamResolvedEvent, AllStreamSubscription, Position } from '@eventstore/db-client';
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
  readonly confirmedWithinMs: number;
}

type CheckpointReached = (subscription: AllStreamSubscription, position: Position) => void;

/**
 * Takes what a subscription has, again and again, until `signal` aborts. Nothing is read from the server while the client's buffer is
 * full.
 * @throws what ended the subscription
 */
export async function* takenFrom(
  subscribe: (checkpointReached: CheckpointReached) => AllStreamSubscription,
  { signal, batchMax, confirmedWithinMs }: Limits,
): AsyncGenerator<Taken, void> {
  if (signal.aborted) return;
  const open = new OpenSubscription(subscribe, confirmedWithinMs);
  signal.addEventListener('abort', open.stir);
  try {
    while (!signal.aborted) {
      const taken = open.take(batchMax);
      if (taken) yield taken;
      else await open.stirred();
    }
  } finally {
    signal.removeEventListener('abort', open.stir);
    open.close();
  }
}

class OpenSubscription {
  /** Told by the server after the events before it, so it holds once these are taken. */
  private checkpoint: Position | undefined;
  private caughtUp = false;
  private failure: Error | undefined;
  private isStirred = false;
  private wake: (() => void) | undefined;
  private readonly subscription: AllStreamSubscription;
  private readonly confirmation: NodeJS.Timeout;

  constructor(subscribe: (checkpointReached: CheckpointReached) => AllStreamSubscription, confirmedWithinMs: number) {
    this.subscription = subscribe((_, position) => this.reach(position));
    this.confirmation = setTimeout(
      () => this.fail(new NoAnswer('The subscription was not confirmed')),
      confirmedWithinMs,
    );
    this.subscription
      .on('confirmation', () => clearTimeout(this.confirmation))
      .on('error', (error) => this.fail(error))
      .on('end', () => this.fail(new Error('The server ended the subscription')))
      .on('readable', this.stir);
    this.subscription.on('caughtUp', () => (this.caughtUp = true));
    this.subscription.on('fellBehind', () => (this.caughtUp = false));
  }

  /** What there is, or undefined when there is nothing new. @throws what ended the subscription, once all before it is taken */
  take(batchMax: number): Taken | undefined {
    const recorded: Recorded[] = [];
    let next = this.next();
    for (; next; next = recorded.length < batchMax ? this.next() : undefined) recorded.push(next);
    const isDrained = recorded.length < batchMax;
    const checkpoint = isDrained ? this.takeCheckpoint() : undefined;
    const reached = laterOf(recorded.at(-1)?.position, checkpoint);
    if (reached) return { recorded, reached, atEnd: isDrained && this.caughtUp };
    if (this.failure) throw this.failure;
    return undefined;
  }

  /** Resolves when there may be something new. */
  async stirred(): Promise<void> {
    if (!this.isStirred) await new Promise<void>((resolve) => (this.wake = resolve));
    this.isStirred = false;
  }

  readonly stir = (): void => {
    this.isStirred = true;
    this.wake?.();
  };

  private next(): Recorded | undefined {
    // In object mode: what the client made of one message, or null.
    const resolved = this.subscription.read() as AllStreamResolvedEvent | null;
    return resolved?.event;
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

  close(): void {
    clearTimeout(this.confirmation);
    // What is left flows by: the client holds on to a subscription that is not read to its end.
    this.subscription.removeListener('readable', this.stir).resume();
    void this.subscription.unsubscribe().catch(() => undefined);
  }
}

const laterOf = (one: Position | undefined, other: Position | undefined): Position | undefined => {
  if (!one || !other) return one ?? other;
  return other.commit > one.commit || (other.commit === one.commit && other.prepare > one.prepare) ? other : one;
};
