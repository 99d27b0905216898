import type { BuiltLog } from './log/built-log.js';
import type { Figure } from './report/figure.js';

/** What every benchmark may use. */
export interface BenchParts {
  /** To write into; thrown away at the end. */
  readonly folder: (name: string) => string;
  /** Of many payments, with its read model built; made when first asked for. */
  readonly builtLog: () => Promise<BuiltLog>;
}

export interface Benchmark {
  readonly name: string;
  measure(parts: BenchParts): Promise<readonly Figure[]>;
}
