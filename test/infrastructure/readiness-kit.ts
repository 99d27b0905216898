import { dataOf, send } from '../service/caller.js';
import { until } from '../service/until.js';

export interface Readiness {
  readonly status: number;
  /** Name of each part that is missing. */
  readonly missing: readonly string[];
  readonly reasons: readonly string[];
  readonly ms: number;
}

/** Asks as a balancer does. */
export const readinessAt = async (url: string): Promise<Readiness> => {
  const before = performance.now();
  const answer = await send(`${url}/readyz`);
  const ms = performance.now() - before;
  const reasons = (dataOf(answer)['reasons'] ?? []) as readonly string[];
  return { status: answer.status, missing: reasons.map((reason) => reason.replace(/: .*$/s, '')), reasons, ms };
};

export const becomesReady = (url: string): Promise<unknown> =>
  until('it is ready', async () => (await readinessAt(url)).status === 200, 20_000);
