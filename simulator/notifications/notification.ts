/** One notification to one address, with everything that became of it. */
export interface Notification {
  readonly id: string;
  readonly kind: 'transaction' | 'account' | 'subscription';
  /** What it is about: a transaction id, an account id or a subscription id. */
  readonly subjectId: string;
  readonly orderId: string | null;
  /** For people: `settlement`, `account ENABLED`, … */
  readonly event: string;
  readonly url: string;
  /** The bytes that go out, the same at every attempt. */
  readonly body: string;
  readonly createdAt: number;
  /** When it goes out next; null when it will not. */
  readonly dueAt: number | null;
  readonly state: 'due' | 'delivered' | 'failed' | 'lost';
  readonly attempts: readonly Attempt[];
}

export interface Attempt {
  readonly at: number;
  /** Null after a time-out or a lost connection. */
  readonly status: number | null;
  /** Why there was no answer. */
  readonly error: string | null;
  /** The beginning of what was answered. */
  readonly answer: string;
  readonly tookMs: number;
}
