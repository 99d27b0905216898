import { performance } from 'node:perf_hooks';
import { quantile } from '../report/statistics.js';

export type AppendResult = {
  readonly perSecond: number;
  readonly p50Ms: number;
};

/** So many one after the other, each at once with the others. */
export const appending = async (
  atOnce: number,
  forMs: number,
  append: () => Promise<unknown>,
): Promise<AppendResult> => {
  const latencies: number[] = [];
  const startedAt = performance.now();
  const appendOneAfterTheOther = async (): Promise<void> => {
    while (performance.now() - startedAt < forMs) {
      const begunAt = performance.now();
      await append();
      latencies.push(performance.now() - begunAt);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, appendOneAfterTheOther));
  const seconds = (performance.now() - startedAt) / 1_000;
  return { perSecond: latencies.length / seconds, p50Ms: quantile(latencies, 0.5) };
};
