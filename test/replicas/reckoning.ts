import type { Evidence } from './evidence.js';
import { logFindings } from './log-findings.js';
import { moneyFindings } from './money-findings.js';
import { processFindings } from './process-findings.js';
import { readModelFindings } from './read-model-findings.js';

/** What is wrong, one line for each: which payment, what was expected, what was found. None: nothing is wrong. */
export type Findings = (evidence: Evidence) => readonly string[];

/** Every promise that is reckoned up in the end (issue 4, section 3), as a sentence. */
export const promises: Readonly<Record<string, Findings>> = {
  ...logFindings,
  ...moneyFindings,
  ...readModelFindings,
  ...processFindings,
};
