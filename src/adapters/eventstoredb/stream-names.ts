import { streamNameFilter } from '@eventstore/db-client';
import type { Filter } from '@eventstore/db-client';

type FilterOptions = Omit<Parameters<typeof streamNameFilter>[0], 'prefixes' | 'regex'>;

/**
 * Between the names of our streams and those in an EventStoreDB that we may share with others: there, all of ours begin with
 * EVENTSTORE_STREAM_PREFIX. Nobody else knows of the prefix.
 */
export class StreamNames {
  /** Where the log's own name is kept; no stream of the service's, and in no feed. */
  readonly logIdentity: string;

  constructor(private readonly prefix: string) {
    this.logIdentity = `${prefix}log_identity`;
  }

  stored(stream: string): string {
    return this.prefix + stream;
  }

  /** Our name of a stream; undefined: not one of ours. */
  own(stored: string): string | undefined {
    const isOurs = stored.startsWith(this.prefix) && !stored.startsWith('$') && stored !== this.logIdentity;
    return isOurs ? stored.slice(this.prefix.length) : undefined;
  }

  /** For the server: streams of ours that begin with one of `prefixes`, or all that may be ours when there is none. */
  filter(prefixes: readonly string[], options: FilterOptions): Filter {
    const stored = prefixes.length === 0 ? [this.prefix] : prefixes.map((prefix) => this.stored(prefix));
    // An empty prefix is none to EventStoreDB; what begins with $ is its own.
    if (stored.includes('')) return streamNameFilter({ ...options, regex: '^[^$]' });
    return streamNameFilter({ ...options, prefixes: stored });
  }
}

/** Whether a stream of ours passes a feed's filter. */
export const passes = (stream: string, prefixes: readonly string[]): boolean =>
  prefixes.length === 0 || prefixes.some((prefix) => stream.startsWith(prefix));
