import { describe, expect, it } from '@jest/globals';
import { readAnswer } from '../../../src/adapters/midtrans/answer.js';
import type { JsonObject } from '../../../src/domain/json.js';

const core = (code: string) => JSON.stringify({ status_code: code, status_message: 'as told' });
const snap = (...texts: readonly string[]) => JSON.stringify({ error_messages: texts });

describe('what an answer of Midtrans amounts to', () => {
  const refused = (because: string, ...codes: readonly number[]) =>
    codes.map((code): [number, JsonObject] => [code, { type: 'refused', because, code, message: 'as told' }]);
  const doubtful = (...codes: readonly number[]) =>
    codes.map((code): [number, JsonObject] => [code, { type: 'doubtful', fromMidtrans: true, message: 'as told' }]);

  it.each([
    ...refused('request', 400, 404, 405, 408, 409, 410, 411, 413, 414),
    ...refused('account', 300, 301, 401, 402, 403, 501),
    ...refused('conflict', 406),
    ...refused('state', 412),
    ...doubtful(500, 502, 503, 504, 505, 900, 999, 100),
    [429, { type: 'rate_limited' }],
  ])('a body with %i means %j, whatever the HTTP status', (code, expected) => {
    expect([200, 500].map((httpStatus) => readAnswer(httpStatus, core(String(code))))).toEqual([expected, expected]);
  });

  it.each([[200], [201], [202], [204], [407]])('a body with %i is an answer to read', (code) => {
    const body = { status_code: String(code), status_message: 'as told' };
    expect(readAnswer(200, JSON.stringify(body))).toEqual({ type: 'done', code, body, message: 'as told' });
  });

  it.each([
    [200, { type: 'doubtful', fromMidtrans: false }],
    [302, { type: 'doubtful', fromMidtrans: false }],
    [400, { type: 'doubtful', fromMidtrans: false }],
    [401, { type: 'refused', because: 'account', code: 401 }],
    // Cloudflare (midtrans-facts 6.1)
    [403, { type: 'refused', because: 'account', code: 403 }],
    [404, { type: 'doubtful', fromMidtrans: false }],
    [413, { type: 'doubtful', fromMidtrans: false }],
    [429, { type: 'rate_limited' }],
    [500, { type: 'doubtful', fromMidtrans: false }],
    [502, { type: 'doubtful', fromMidtrans: false }],
    [503, { type: 'doubtful', fromMidtrans: false }],
    [504, { type: 'doubtful', fromMidtrans: false }],
  ])('HTTP %i without a word of Midtrans is %j', (httpStatus, expected) => {
    const message = `HTTP ${httpStatus} without an answer of Midtrans`;
    const whole = expected.type === 'rate_limited' ? expected : { ...expected, message };
    const texts = ['<html></html>', '[]', '"ok"', '{"status_code":"20'];
    expect(texts.map((text) => readAnswer(httpStatus, text))).toEqual(texts.map(() => whole));
  });

  it('an empty body with HTTP 500 is doubtful', () =>
    expect(readAnswer(500, '')).toEqual({
      type: 'doubtful',
      fromMidtrans: false,
      message: 'HTTP 500 without an answer of Midtrans',
    }));

  it('a route that the gateway before Midtrans does not know is not an order that Midtrans does not know', () =>
    expect(readAnswer(404, '{"message":"no Route matched with those values"}')).toEqual({
      type: 'doubtful',
      fromMidtrans: false,
      message: 'HTTP 404 without an answer of Midtrans',
    }));

  it('the rate limit has a shape of its own', () =>
    expect(readAnswer(429, '{"message":"API rate limit exceeded"}')).toEqual({ type: 'rate_limited' }));

  it('HTTP 202 without a transaction means that the first send is still being worked on', () => {
    const texts = ['', '{}', '{"status_code":"202"}'];
    expect(texts.map((text) => readAnswer(202, text))).toEqual(texts.map(() => ({ type: 'in_flight' })));
  });

  it('HTTP 202 with a transaction is a denial', () => {
    const body = { status_code: '202', transaction_status: 'deny' };
    expect(readAnswer(202, JSON.stringify(body))).toEqual({
      type: 'done',
      code: 202,
      body,
      message: 'status code 202',
    });
  });

  it('a refused charge says which fields were wrong', () =>
    expect(
      readAnswer(
        400,
        '{"status_code":"400","status_message":"One or more parameters in the payload is invalid.","validation_messages":["transaction_details.order_id is required","x"],"id":"301c2013"}',
      ),
    ).toEqual({
      type: 'refused',
      because: 'request',
      code: 400,
      message: 'One or more parameters in the payload is invalid.; transaction_details.order_id is required; x',
    }));

  it.each([
    [400, 'transaction_details.order_id is required', 'request'],
    [400, 'transaction_details.order_id has been paid and utilized, please use another order ID', 'conflict'],
    [400, 'transaction_details.order_id has already been taken', 'conflict'],
    [400, 'transaction_details.order_id sudah digunakan', 'conflict'],
    [401, 'Access denied due to unauthorized transaction, please check client or server key', 'account'],
    [409, 'Transaction is on progress', 'state'],
    [404, 'token not found', 'state'],
  ])('Snap with HTTP %i and "%s" refuses because of %s', (code, message, because) => {
    expect(readAnswer(code, snap(message))).toEqual({ type: 'refused', because, code, message });
  });

  it('Snap in trouble is doubtful', () =>
    expect(readAnswer(500, snap('Sorry, we encountered internal server error. We will fix this soon.'))).toEqual({
      type: 'doubtful',
      fromMidtrans: true,
      message: 'Sorry, we encountered internal server error. We will fix this soon.',
    }));

  it('one text instead of a list of them is read too', () =>
    expect(readAnswer(401, '{"error_messages":"Access denied"}')).toEqual({
      type: 'refused',
      because: 'account',
      code: 401,
      message: 'Access denied',
    }));

  it('integers beyond 2^53 stay exact', () =>
    expect(readAnswer(200, '{"status_code":"200","id":202502070943231234,"amount":10000.00}')).toEqual({
      type: 'done',
      code: 200,
      body: { status_code: '200', id: '202502070943231234', amount: 10_000 },
      message: 'status code 200',
    }));
});
