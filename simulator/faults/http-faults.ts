/** Who refuses what a merchant wants: the bank of the customer, or Midtrans because the merchant has too little money. */
export type RefusedBy = 'bank' | 'balance';

/** What goes wrong, with what only this kind needs. */
export type Trouble =
  /** In real milliseconds. */
  | { readonly kind: 'delay'; readonly delayMs: number }
  /** An error in place of the answer. `bodyStatus`: the body's `status_code`, where it is another than HTTP's. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly bodyStatus: number | null;
      readonly afterCommit: boolean;
    }
  /** A page, or nothing at all, in place of the answer. */
  | { readonly kind: 'html' | 'empty'; readonly status: number; readonly afterCommit: boolean }
  | { readonly kind: 'drop_before' | 'drop_after_commit' }
  /** A capture or refund that could be is refused. */
  | { readonly kind: 'refuse'; readonly because: RefusedBy };

/** Something that goes wrong with requests to the API. */
export type HttpFault = Trouble & {
  /** A prefix in which `*` stands for one segment: `/v2/` then `*` then `/status`. */
  readonly path: string;
  /** Between 0 and 1. */
  readonly probability: number;
  /** How often it may still strike; null is without end. */
  readonly timesLeft: number | null;
};

/** Whether `path` begins with `prefix`, segment by segment; the last segment of the prefix may be cut short. */
export const matchesPrefix = (prefix: string, path: string): boolean => {
  const wanted = prefix.split('/');
  const given = path.split('/');
  return wanted.every((segment, index) => {
    const actual = given[index];
    if (actual === undefined) return segment === '';
    if (segment === '*') return actual !== '';
    return index === wanted.length - 1 ? actual.startsWith(segment) : actual === segment;
  });
};

/** The faults in force, asked once per request. */
export class HttpFaults {
  private faults: HttpFault[] = [];

  constructor(private readonly random: () => number) {}

  all(): readonly HttpFault[] {
    return this.faults;
  }

  add(fault: HttpFault): void {
    this.faults.push(fault);
  }

  clear(): void {
    this.faults = [];
  }

  /** The first fault that strikes this request; a fault used up goes away. */
  draw(path: string): HttpFault | undefined {
    if (this.faults.length === 0) return undefined;
    const struck = this.faults.find((fault) => concerns(fault, path) && this.random() < fault.probability);
    if (struck) this.faults = this.faults.flatMap((fault) => (fault === struck ? used(fault) : [fault]));
    return struck;
  }
}

const concerns = (fault: HttpFault, path: string): boolean =>
  matchesPrefix(fault.path, path) && (fault.kind !== 'refuse' || refusable.test(path));

/** Captures and refunds, which a bank has a say in. */
const refusable = /^\/v2\/(capture|[^/]+\/refund(\/online\/direct)?)$/;

const used = (fault: HttpFault): HttpFault[] => {
  if (fault.timesLeft === null) return [fault];
  return fault.timesLeft > 1 ? [{ ...fault, timesLeft: fault.timesLeft - 1 }] : [];
};
