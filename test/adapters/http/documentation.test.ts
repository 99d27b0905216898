import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { errorCodes } from '../../../src/adapters/http/answers/error-answer.js';
import { rejectionAnswers } from '../../../src/adapters/http/answers/rejection-answers.js';
import type { JsonObject } from '../../../src/domain/json.js';
import { asText, send } from '../../service/caller.js';
import { serviceFor, type ServiceUnderTest } from '../../service/start-service.js';

let service: ServiceUnderTest;
let document: JsonObject;

beforeAll(async () => {
  service = await serviceFor('http://127.0.0.1:9');
  document = (await send(`${service.url}/openapi.json`)).body;
});

afterAll(() => service.close());

/** Every `$ref` in a document. */
const refsIn = (value: unknown): readonly string[] => {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([field, inner]) =>
    field === '$ref' && typeof inner === 'string' ? [inner] : refsIn(inner),
  );
};

const at = (path: readonly string[]): unknown =>
  path.reduce<unknown>((value, step) => (value as JsonObject | undefined)?.[step], document);

describe('the OpenAPI document', () => {
  it('has every route that there is, and no other', () => {
    const routes = Object.entries(document['paths'] as JsonObject).flatMap(([path, item]) =>
      Object.keys(item as JsonObject).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(routes.toSorted()).toEqual([
      'GET /docs',
      'GET /healthz',
      'GET /openapi.json',
      'GET /payments',
      'GET /payments/methods',
      'GET /payments/parked-keys',
      'GET /payments/{id}',
      'GET /payments/{id}/events',
      'GET /payments/{id}/refunds',
      'GET /readyz',
      'POST /payments',
      'POST /payments/parked-keys/{id}/resume',
      'POST /payments/webhooks/midtrans',
      'POST /payments/{id}/approve',
      'POST /payments/{id}/cancel',
      'POST /payments/{id}/capture',
      'POST /payments/{id}/deny',
      'POST /payments/{id}/expire',
      'POST /payments/{id}/refunds',
      'POST /payments/{id}/sync',
    ]);
  });

  it('names each operation for whoever generates a client, and the headers of its answers', () => {
    const all = Object.values(document['paths'] as JsonObject).flatMap((item) => Object.values(item as JsonObject));
    const names = all.map((operation) => (operation as JsonObject)['operationId']);
    expect(new Set(names).size).toBe(20);
    expect(names).toContain('postPaymentsByIdCancel');
    const headersOf = (path: string, method: string, status: string) =>
      Object.keys(at(['paths', path, method, 'responses', status, 'headers']) as JsonObject);
    expect(headersOf('/payments', 'post', '201')).toEqual(['X-Request-ID', 'ETag', 'Idempotency-Hit', 'Location']);
    expect(headersOf('/payments/{id}', 'get', '304')).toEqual(['X-Request-ID', 'ETag']);
    expect(headersOf('/payments/{id}/refunds', 'get', '200')).toEqual(['X-Request-ID']);
    expect(headersOf('/payments/{id}/refunds', 'post', '503')).toEqual(['X-Request-ID', 'Retry-After']);
  });

  it('is whole: every reference leads somewhere, every operation answers, every path parameter is declared', () => {
    expect(document['openapi']).toBe('3.1.1');
    for (const ref of refsIn(document)) expect([ref, at(ref.replace('#/', '').split('/'))]).toEqual([ref, expect.anything()]);
    for (const [path, item] of Object.entries(document['paths'] as Record<string, Record<string, JsonObject>>))
      for (const operation of Object.values(item)) {
        const parameters = (operation['parameters'] ?? []) as readonly JsonObject[];
        const declared = parameters.filter((parameter) => parameter['in'] === 'path').map(({ name }) => `{${asText(name)}}`);
        expect(declared).toEqual(path.match(/\{\w+\}/g) ?? []);
        expect(Object.keys(operation['responses'] as JsonObject).length).toBeGreaterThan(0);
      }
  }); // prettier-ignore

  it('describes each of the payment types by the shape that parses it', () => {
    const shapes = (at(['components', 'schemas', 'PaymentRequest']) as { oneOf: readonly { $ref: string }[] }).oneOf;
    expect(shapes.length).toBe(18);
    const bank = at(['components', 'schemas', 'PaymentRequest_bank_transfer']) as JsonObject;
    expect([bank['required'], bank['additionalProperties']]).toEqual([
      ['payment_type', 'order_id', 'gross_amount', 'payment_details'],
      false,
    ]);
  });

  /** The codes that an operation is documented to answer with, by status; `{}`: none. */
  const errorsOf = (method: string, path: string): Readonly<Record<string, readonly string[]>> => {
    const responses = (at(['paths', path, method.toLowerCase(), 'responses']) ?? {}) as Record<string, JsonObject>;
    const errors = Object.entries(responses).filter(([status]) => Number(status) >= 400);
    return Object.fromEntries(
      errors.map(([status, { description }]) => [status, asText(description).replaceAll('`', '').split(', ')]),
    );
  };

  it.each([
    ['GET', '/payments', ['store_unavailable']],
    ['GET', '/payments/methods', ['store_unavailable']],
    ['GET', '/payments/parked-keys', ['store_unavailable']],
    ['GET', '/payments/{id}', ['store_unavailable']],
    ['GET', '/payments/{id}/events', ['store_unavailable']],
    ['GET', '/payments/{id}/refunds', ['store_unavailable']],
    ['POST', '/payments', ['store_unavailable', 'midtrans_unavailable']],
    ['POST', '/payments/{id}/capture', ['store_unavailable', 'midtrans_unavailable']],
    ['POST', '/payments/{id}/refunds', ['store_unavailable', 'midtrans_unavailable']],
    ['POST', '/payments/{id}/sync', ['store_unavailable', 'midtrans_unavailable']],
    ['POST', '/payments/parked-keys/{id}/resume', ['store_unavailable', 'midtrans_unavailable']],
    ['POST', '/payments/webhooks/midtrans', undefined],
    ['GET', '/readyz', ['not_ready', 'store_unavailable']],
    ['GET', '/healthz', undefined],
  ])('says for %s %s which 503 can happen', (method, path, codes) => {
    expect(errorsOf(method, path)['503']).toEqual(codes);
  });

  it('says what can go wrong where it can, and nowhere else', () => {
    expect(errorsOf('POST', '/payments/{id}/cancel')).toEqual({
      400: ['invalid_request'],
      401: ['unauthenticated'],
      403: ['forbidden'],
      404: ['not_found'],
      409: ['idempotency_in_progress', 'customer_erased', 'concurrent_change', 'invalid_transaction_status'],
      413: ['body_too_large'],
      415: ['unsupported_media_type'],
      422: ['card_number_refused', 'idempotency_key_reused', 'midtrans_rejected'],
      500: ['internal_error'],
      502: ['midtrans_misconfigured'],
      503: ['store_unavailable', 'midtrans_unavailable'],
    });
    expect(errorsOf('GET', '/payments/{id}/events')).toEqual({
      401: ['unauthenticated'],
      403: ['forbidden'],
      404: ['not_found'],
      422: ['card_number_refused'],
      500: ['internal_error'],
      503: ['store_unavailable'],
    });
    expect(errorsOf('POST', '/payments/webhooks/midtrans')).toEqual({
      400: ['invalid_request'],
      413: ['body_too_large'],
      502: ['store_unavailable'],
    });
  });

  it('has every code of the service somewhere; that of a wrong method belongs to no operation', () => {
    const documented = Object.entries(document['paths'] as JsonObject).flatMap(([path, item]) =>
      Object.keys(item as JsonObject).flatMap((method) =>
        Object.entries(errorsOf(method, path)).flatMap(([status, codes]) => codes.map((code) => `${status} ${code}`)),
      ),
    );
    const all = Object.entries(errorCodes).flatMap(([status, codes]) => codes.map((code) => `${status} ${code}`));
    expect(all.filter((code) => !documented.includes(code))).toEqual(['405 method_not_allowed']);
  });

  it('knows every code that our own rules answer with', () => {
    const documented = Object.entries(errorCodes).flatMap(([status, codes]) =>
      codes.map((code) => `${status} ${code}`),
    );
    const answered = Object.values(rejectionAnswers).map(({ status, code }) => `${status} ${code}`);
    expect(answered.filter((answer) => !documented.includes(answer))).toEqual([]);
  });
});

describe('the page of the document', () => {
  it('is served by the service itself, loads nothing and runs nothing', async () => {
    const page = await send(`${service.url}/docs`);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'/);
    expect(page.text).not.toMatch(/<script|src=|https?:\/\//);
  });

  it('shows every route, and every link on it leads somewhere', async () => {
    const { text } = await send(`${service.url}/docs`);
    for (const path of Object.keys(document['paths'] as JsonObject)) expect(text).toContain(`<code>${path}</code>`);
    const links = [...text.matchAll(/href="#([^"]+)"/g)].map(([, target]) => target);
    expect(links.filter((target) => !text.includes(`id="${target}"`))).toEqual([]);
    expect(links.length).toBeGreaterThan(40);
  });
});
