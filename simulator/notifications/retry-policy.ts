const minute = 60_000;

/** Before attempt n after the failure of the one before it (midtrans-facts 7.2). */
export const retryDelaysMs = [2 * minute, 10 * minute, 30 * minute, 90 * minute, 210 * minute] as const;

/** What a delivery came to: the HTTP status, or null after a time-out or a lost connection. */
export type Outcome = number | null;

const retriesByStatus: Readonly<Record<number, number>> = { 500: 1, 503: 4, 400: 2, 404: 2, 301: 0, 302: 0, 303: 0 };

export const isDelivered = (outcome: Outcome): boolean => outcome !== null && outcome >= 200 && outcome < 300;

/**
 * When to try again after the `attempts`-th attempt ended with `outcome`: milliseconds from now, or undefined when
 * Midtrans gives up. The number of retries goes by the last answer.
 */
export const retryDelayMs = (outcome: Outcome, attempts: number): number | undefined => {
  if (isDelivered(outcome)) return undefined;
  const allowed = (outcome === null ? undefined : retriesByStatus[outcome]) ?? retryDelaysMs.length;
  const retriesMade = attempts - 1;
  return retriesMade < allowed ? retryDelaysMs[retriesMade] : undefined;
};
