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
