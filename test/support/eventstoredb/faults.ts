/** What a caller may do to the server; a subscription is a `subscribe`, every other read a `read`. */
export type Operation = 'append' | 'read' | 'subscribe' | 'remove';

export type Fault = {
  readonly operation: Operation;
  /** How many calls it strikes; all until `heal` when left out. */
  readonly times?: number;
} &
  /** Refused at once, nothing done. */
  (
    | { readonly kind: 'unavailable' }
    /** Nothing done, never answered. */
    | { readonly kind: 'ignored' }
    /** Done, but never answered. */
    | { readonly kind: 'answer-lost' }
    /** Done, but the connection ends before the answer. */
    | { readonly kind: 'cut-off' }
    /** Done and answered, later. */
    | { readonly kind: 'slow'; readonly delayMs: number }
    /** Done, but all that is told is that time ran out. */
    | { readonly kind: 'timed-out' }
    /** Nothing done: the caller may not. */
    | { readonly kind: 'denied' }
    /** A read or a subscription that ends after so many events. */
    | { readonly kind: 'dropped'; readonly afterEvents: number }
  );

interface Armed {
  readonly fault: Fault;
  left: number;
}

/** What is to go wrong next, in the order of arming. */
export class Faults {
  private armed: Armed[] = [];

  arm(fault: Fault): void {
    this.armed.push({ fault, left: fault.times ?? Infinity });
  }

  heal(): void {
    this.armed = [];
  }

  /** The fault that strikes this call. */
  strike(operation: Operation): Fault | undefined {
    const found = this.armed.find(({ fault }) => fault.operation === operation);
    if (!found) return undefined;
    found.left -= 1;
    if (found.left === 0) this.armed = this.armed.filter((armed) => armed !== found);
    return found.fault;
  }
}
