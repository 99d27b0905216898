import type { Json, JsonObject } from '../../src/domain/json.js';
import { tokenOf } from './start-service.js';

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  /** `{}` when there is no JSON. */
  readonly body: JsonObject;
  readonly text: string;
}

type HeaderFields = Readonly<Record<string, string>>;

/** Somebody who calls the service over HTTP. */
export interface Caller {
  get(path: string, headers?: HeaderFields): Promise<Answered>;
  post(path: string, body?: unknown, headers?: HeaderFields): Promise<Answered>;
}

export const send = async (url: string, init: RequestInit = {}): Promise<Answered> => {
  const response = await fetch(url, { redirect: 'manual', ...init });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
  return { status: response.status, headers: response.headers, text, body: isJson ? (JSON.parse(text) as JsonObject) : {} };
}; // prettier-ignore

/** With these headers on every request; a body is sent as JSON. */
export const callerWith = (url: string, always: HeaderFields): Caller => ({
  get: (path, headers) => send(url + path, { headers: { ...always, ...headers } }),
  post: (path, body, headers) =>
    send(url + path, {
      method: 'POST',
      headers: { ...always, ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    }),
});

/** With an access token of these roles; none: the default, a customer. */
export const callerAs = async (url: string, sub: string, ...roles: readonly string[]): Promise<Caller> =>
  callerWith(url, { authorization: `Bearer ${await tokenOf(sub, ...(roles.length > 0 ? roles : ['customer']))}` });

/** The codes of an error, in order. */
export const codesOf = ({ body }: Answered): readonly Json[] => errorsOf(body).map((error) => error['code'] ?? null);

export const fieldsOf = ({ body }: Answered): readonly Json[] => errorsOf(body).map((error) => error['field'] ?? null);

const errorsOf = (body: JsonObject): readonly JsonObject[] => (body['errors'] ?? []) as readonly JsonObject[];

export const dataOf = ({ body }: Answered): JsonObject => (body['data'] ?? {}) as JsonObject;

/** A field that must be text. */
export const asText = (value: Json | undefined): string => {
  if (typeof value === 'string') return value;
  throw new Error(`Not a text: ${JSON.stringify(value)}`);
};

/** `data` of one event among `rowsOf` its list. */
export const eventData = (event: JsonObject | undefined): JsonObject => (event?.['data'] ?? {}) as JsonObject;

/** Rows of a list. */
export const rowsOf = ({ body }: Answered): readonly JsonObject[] => (body['data'] ?? []) as readonly JsonObject[];

/** Asks again until it is so, for five seconds at most. */
export const eventually = async (ask: () => Promise<Answered>, isSo: (answered: Answered) => boolean): Promise<Answered> => {
  const deadline = Date.now() + 5_000;
  for (;;) {
    const answered = await ask();
    if (isSo(answered)) return answered;
    if (Date.now() > deadline) throw new Error(`It never came to be: ${answered.status} ${answered.text}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}; // prettier-ignore
