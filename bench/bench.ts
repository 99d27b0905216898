import type { BuiltLog } from './log/built-log.js';
import type { Figure } from './report/figure.js';
import type { Pace } from './rounds/pace.js';
import type { BenchStores } from './stores/bench-stores.js';

/** What every benchmark may use. */
export interface BenchParts {
  readonly stores: BenchStores;
  readonly pace: Pace;
  /** To write into; thrown away at the end. */
  readonly folder: (name: string) => string;
  /** Of many payments, with its read model built; made when first asked for. */
  readonly builtLog: () => Promise<BuiltLog>;
}

export interface Benchmark {
  readonly name: string;
  measure(parts: BenchParts): Promise<readonly Figure[]>;
}
