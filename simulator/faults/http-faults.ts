export type HttpFaultKind = 'delay' | 'status' | 'html' | 'drop_before' | 'drop_after_commit';

/** Something that goes wrong with requests to the API. */
export interface HttpFault {
  /** A prefix in which `*` stands for one segment: `/v2/` then `*` then `/status`. */
  readonly path: string;
  readonly kind: HttpFaultKind;
  /** Between 0 and 1. */
  readonly probability: number;
  /** Of `status` and `html`. */
  readonly status: number;
  /** Of `delay`, in real milliseconds. */
  readonly delayMs: number;
  /** How often it may still strike; null is without end. */
  readonly timesLeft: number | null;
}

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
    const struck = this.faults.find((fault) => matchesPrefix(fault.path, path) && this.random() < fault.probability);
    if (struck) this.faults = this.faults.flatMap((fault) => (fault === struck ? used(fault) : [fault]));
    return struck;
  }
}

const used = (fault: HttpFault): HttpFault[] => {
  if (fault.timesLeft === null) return [fault];
  return fault.timesLeft > 1 ? [{ ...fault, timesLeft: fault.timesLeft - 1 }] : [];
};
