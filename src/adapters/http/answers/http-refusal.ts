import type { RefusalBody } from '../../../application/idempotency/kept-answer.js';
import type { JsonObject } from '../../../domain/json.js';

/** One thing that is wrong. `field`: a path such as `customer_details.email`. */
export type ErrorItem = RefusalBody['errors'][number];

/** R10.2: every error answers this. `data` is left out when there is none. */
export type ErrorBody = RefusalBody;

/** An answer other than what was asked for. Thrown by whoever notices, written by `answerErrors`. */
export class HttpRefusal extends Error {
  override readonly name = 'HttpRefusal';
  constructor(
    readonly status: number,
    readonly body: ErrorBody,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(body.message);
  }
}

export interface RefusalOptions {
  readonly field?: string;
  readonly data?: JsonObject;
  readonly headers?: Readonly<Record<string, string>>;
}

export const refusal = (status: number, code: string, message: string, options: RefusalOptions = {}): HttpRefusal => {
  const { field, data, headers } = options;
  const item = field === undefined ? { code, message } : { field, code, message };
  return new HttpRefusal(status, data ? { message, errors: [item], data } : { message, errors: [item] }, headers);
};

/**
 * One item of a 400, as a sentence for a person in a hurry.
 * @param field a path; '' for the body itself
 * @param wrong what is wrong with it, such as "must be …"
 */
export const invalidItem = (field: string, wrong: string): ErrorItem =>
  field === ''
    ? { code: 'invalid_request', message: `The body ${wrong}` }
    : { field, code: 'invalid_request', message: `${field} ${wrong}` };

/** @param wrong as for `invalidItem` */
export const invalidRequest = (field: string, wrong: string): HttpRefusal => {
  const item = invalidItem(field, wrong);
  return new HttpRefusal(400, { message: item.message, errors: [item] });
};

/** 503, the only way to say it: with the seconds after which another try has a chance. */
export const notNow = (code: string, message: string, retryAfterSeconds: number, data?: JsonObject): HttpRefusal =>
  refusal(503, code, message, { headers: { 'Retry-After': String(retryAfterSeconds) }, ...(data && { data }) });

export const notFound = (what = 'There is no such payment'): HttpRefusal => refusal(404, 'not_found', what);

export const forbidden = (message: string): HttpRefusal => refusal(403, 'forbidden', message);

export const unauthenticated = (message: string): HttpRefusal =>
  refusal(401, 'unauthenticated', message, { headers: { 'WWW-Authenticate': 'Bearer' } });
