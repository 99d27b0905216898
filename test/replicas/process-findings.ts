import type { JsonObject } from '../../src/domain/json.js';
import type { Answered } from './ledger.js';
import type { Findings } from './reckoning.js';
import { shown } from './shown.js';

const codeOf = ({ body }: Answered): string => {
  const [first] = (body['errors'] ?? []) as readonly JsonObject[];
  return shown(first?.['code'] ?? 'no code');
};

/** What a caller may be told while stores and Midtrans come and go (api.md 6). */
const documented: ReadonlySet<string> = new Set([
  '409 invalid_transaction_status',
  '409 idempotency_in_progress',
  '409 concurrent_change',
  '422 midtrans_rejected',
  '422 refund_exceeds_balance',
  '422 not_refundable',
  '503 midtrans_unavailable',
  '503 store_unavailable',
]);

const documentedAnswers: Findings = ({ answers }) =>
  answers.flatMap((answer) => {
    const { what, orderId, replica, status } = answer;
    if (status === null || status < 300 || documented.has(`${status} ${codeOf(answer)}`)) return [];
    return [
      `${replica} answered ${what} of ${orderId}: a documented refusal expected, found ${status} ${codeOf(answer)}`,
    ];
  });

const documentedDeliveries: Findings = ({ deliveries }) =>
  deliveries
    .filter(({ status }) => status !== null && status !== 200 && status !== 502)
    .map(({ id, replica, status }) => `${replica} answered notification ${id}: 200 or 502 expected, found ${status}`);

const read = (line: string): JsonObject | undefined => {
  try {
    return JSON.parse(line) as JsonObject;
  } catch {
    return undefined;
  }
};

const noAlarm: Findings = ({ replicas }) =>
  replicas.flatMap(({ name, lines }) =>
    lines
      .filter((line) => read(line)?.['alarm'] !== undefined)
      .map((line) => `${name}: no alarm expected, found ${line}`),
  );

/** A kill cuts the last line short; a start that a cut-off store ends says so in one line. */
const isExpectedText = (line: string): boolean =>
  line.startsWith('{"level"') || line.includes('a store does not answer');

const onlyLogLines: Findings = ({ replicas }) =>
  replicas.flatMap(({ name, lines }) =>
    lines
      .filter((line) => read(line) === undefined && !isExpectedText(line))
      .map((line) => `${name}: lines of the journal expected, found ${line}`),
  );

const allReady: Findings = ({ replicas }) =>
  replicas
    .filter(({ readiness }) => readiness !== 'ready')
    .map(({ name, readiness }) => `${name}: ready expected, found ${readiness}`);

const onlyKilled: Findings = ({ replicas }) =>
  replicas.flatMap(({ name, ownEnds, exitStatus }) => [
    ...ownEnds.map(
      ({ code, lastLines }) => `${name}: ended by us only expected, found exit ${code}: ${lastLines.join(' | ')}`,
    ),
    ...(exitStatus === 0 ? [] : [`${name}: exit status 0 after SIGTERM expected, found ${exitStatus}`]),
  ]);

export const processFindings = {
  'every answer is a documented one': documentedAnswers,
  'every notification is answered with 200 or 502': documentedDeliveries,
  'no alarm was raised': noAlarm,
  'the replicas wrote nothing but their journal': onlyLogLines,
  'no replica ended by itself': onlyKilled,
  'every replica is ready in the end': allReady,
} satisfies Record<string, Findings>; // prettier-ignore
