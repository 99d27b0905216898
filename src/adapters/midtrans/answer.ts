import type { GatewayFailure } from '../../application/ports/payment-gateway.js';
import type { JsonObject } from '../../domain/json.js';
import { jsonObjectIn } from './json.js';

type Because = Extract<GatewayFailure, { type: 'refused' }>['because'];

/** What an HTTP answer of Midtrans amounts to, before anybody asks what it says. */
export type Answer =
  /** Done, waiting or declined, with a body that says so: 200, 201, 202, 204, 407. */
  | { readonly type: 'done'; readonly code: number; readonly body: JsonObject; readonly message: string }
  | { readonly type: 'refused'; readonly because: Because; readonly code: number; readonly message: string }
  | { readonly type: 'rate_limited' }
  /** The same idempotency key is being worked on (midtrans-facts 1.4). */
  | { readonly type: 'in_flight' }
  /** It may have been carried out. `fromMidtrans`: in their own JSON, not from something that stands before them. */
  | { readonly type: 'doubtful'; readonly fromMidtrans: boolean; readonly message: string };

type AnswerClass = 'done' | Because | 'rate_limited' | 'doubtful';

/**
 * Every code of midtrans-facts 6.1, whether in the body or in the HTTP status. 5xx and 900 leave open whether money moved
 * (design D3), 505 too: a VA that could not be allocated may yet be. A code that is not here is doubtful.
 */
const classes: ReadonlyMap<number, AnswerClass> = new Map([
  ...codes('done', 200, 201, 202, 204, 407),
  ...codes('request', 400, 404, 405, 408, 409, 410, 411, 413, 414),
  ...codes('account', 300, 301, 401, 402, 403, 501),
  ...codes('conflict', 406),
  ...codes('state', 412),
  ...codes('rate_limited', 429),
  ...codes('doubtful', 500, 502, 503, 504, 505, 900),
]);

function codes(answerClass: AnswerClass, ...of: readonly number[]): [number, AnswerClass][] {
  return of.map((code) => [code, answerClass]);
}

/** What a guard before Midtrans (Cloudflare, Kong) says who let nothing pass. Anything else that is not theirs is doubtful. */
const guards: ReadonlyMap<number, AnswerClass> = new Map([
  ...codes('account', 401, 403),
  ...codes('rate_limited', 429),
]);

const closedAlready = /token already canceled/i;

/** Snap speaks in HTTP codes that are partly unknown, so its texts come first (midtrans-facts 2.2, 5.12). */
const snapTexts: readonly (readonly [RegExp, Because])[] = [
  [/has been paid and utilized|already been taken|sudah digunakan/i, 'conflict'],
  [/transaction is on progress/i, 'state'],
  // Neither closed by us nor open: a look tells what became of it.
  [/token not found/i, 'state'],
  [closedAlready, 'state'],
];

/** `token already canceled`: what closing a page wanted has happened. */
export const isPageClosedAlready = (answer: { readonly message: string }): boolean =>
  closedAlready.test(answer.message);

/** Body `status_code` before HTTP status (midtrans-facts 1.6). What is not in Midtrans' own JSON is no answer of theirs. */
export const readAnswer = (httpStatus: number, text: string): Answer => {
  const body = jsonObjectIn(text);
  if (httpStatus === 202 && body?.['transaction_status'] === undefined) return { type: 'in_flight' };
  if (body === undefined || !isOfMidtrans(httpStatus, body)) {
    return classified(
      guards.get(httpStatus),
      httpStatus,
      undefined,
      `HTTP ${httpStatus} without an answer of Midtrans`,
    );
  }
  const code = Number(body['status_code'] ?? httpStatus);
  const message = messageIn(body) || `status code ${code}`;
  return classified(snapRefusal(body, message) ?? classes.get(code), code, body, message);
};

/** Core names a code of its own. Snap does not: it succeeds with HTTP 200 or 201, and fails with `error_messages`. */
const isOfMidtrans = (httpStatus: number, body: JsonObject): boolean =>
  body['status_code'] !== undefined || body['error_messages'] !== undefined || httpStatus === 200 || httpStatus === 201;

const snapRefusal = (body: JsonObject, message: string): Because | undefined =>
  body['error_messages'] === undefined ? undefined : snapTexts.find(([pattern]) => pattern.test(message))?.[1];

const classified = (
  answerClass: AnswerClass | undefined,
  code: number,
  body: JsonObject | undefined,
  message: string,
): Answer => {
  switch (answerClass) {
    case 'done':
      return { type: 'done', code, body: body ?? {}, message };
    case 'request':
    case 'account':
    case 'state':
    case 'conflict':
      return { type: 'refused', because: answerClass, code, message };
    case 'rate_limited':
      return { type: 'rate_limited' };
    case 'doubtful':
    case undefined:
      return { type: 'doubtful', fromMidtrans: body !== undefined, message };
  }
};

/** Core says `status_message` and `validation_messages`, Snap `error_messages` (a list or one text), the gateway `message`. */
const messageIn = (body: JsonObject): string =>
  ['status_message', 'validation_messages', 'error_messages', 'message']
    .flatMap((field) => body[field] ?? [])
    .filter((part): part is string => typeof part === 'string')
    .join('; ');
