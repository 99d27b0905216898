/** @param share 0 to 1; of no values: NaN */
export const quantile = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
};

/** Of an odd number of rounds, the one in the middle: other programs disturb single rounds only. */
export const median = (values: readonly number[]): number => quantile(values, 0.5);
