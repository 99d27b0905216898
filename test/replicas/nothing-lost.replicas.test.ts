import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Evidence } from './evidence.js';
import { promises } from './reckoning.js';
import { findingsOf, kept, runUnderTrouble } from './run.js';

const seconds = Number(process.env['REPLICAS_SECONDS'] ?? 120);
const seed = process.env['REPLICAS_SEED'] ?? '1';
/** Starting, settling and saying goodbye beside it. */
const besideMs = 420_000;

const say = (line: string): void => void process.stderr.write(`${line}\n`);

describe(`three replicas killed again and again, their stores cut off, for ${seconds} s (seed ${seed})`, () => {
  let evidence: Evidence;

  beforeAll(
    async () => {
      evidence = await runUnderTrouble({ seconds, seed, say });
      if (findingsOf(evidence).length > 0) say(`The evidence is kept in ${kept(evidence)}`);
    },
    seconds * 1_000 + besideMs,
  );

  it('made payments, refunds and notifications', () => {
    const made = [evidence.payments.length, evidence.inbox.length, evidence.transactions.length];
    for (const count of made) expect(count).toBeGreaterThan(seconds / 2);
  });

  it.each(Object.entries(promises))('%s', (_, findings) => {
    const found = findings(evidence);
    expect([found.length, found.slice(0, 20)]).toEqual([0, []]);
  });
});
