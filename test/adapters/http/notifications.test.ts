import { createHash } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inboxStreamPrefix } from '../../../src/application/notifications/inbox-events.js';
import { refusedCollection } from '../../../src/application/notifications/notification-records.js';
import { StoreUnavailable } from '../../../src/application/ports/event-log.js';
import type { JsonObject } from '../../../src/domain/json.js';
import { Port } from '../../../src/infrastructure/ports.js';
import { json, loopbackMidtrans, type LoopbackMidtrans } from '../midtrans/loopback-midtrans.js';
import { asText, codesOf, send, type Answered } from '../../service/caller.js';
import { serverKey, serviceFor, type ServiceUnderTest } from '../../service/start-service.js';
import { refusal, settled } from './midtrans-answers.js';

let midtrans: LoopbackMidtrans;
let service: ServiceUnderTest;

beforeAll(async () => {
  midtrans = await loopbackMidtrans(json(refusal('404', "Transaction doesn't exist.")));
  service = await serviceFor(midtrans.url, { MIDTRANS_SERVER_KEY_PREVIOUS: 'SB-Mid-server-before' });
});

afterAll(async () => {
  await service.close();
  await midtrans.stop();
});

const signed = (notification: JsonObject, key = serverKey): JsonObject => {
  const { order_id, status_code, gross_amount } = notification;
  const signature = createHash('sha512').update(
    `${asText(order_id)}${asText(status_code)}${asText(gross_amount)}${key}`,
  );
  return { ...notification, signature_key: signature.digest('hex') };
};

const path = '/payments/webhooks/midtrans';
const post = (body: unknown, headers: Record<string, string> = {}): Promise<Answered> =>
  send(service.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
const is = (answer: Answered) => [answer.status, codesOf(answer)] as const;

const lastWarning = (): string | undefined =>
  service.journal.entries.findLast(({ level }) => level === 'warn')?.message;

/** How many notifications stand in the inbox. */
const stored = (): Promise<number> =>
  service.service.container.get(Port.eventFeed).countAfter('start', { streamPrefixes: [inboxStreamPrefix] }, 1_000);

describe('a notification of Midtrans', () => {
  it('is answered with 200 once it is stored, without any token', async () => {
    const before = await stored();
    const answer = await post(signed(settled('n-1')));
    // Counted after the answer: what is answered with 200 is in the log already.
    expect([answer.status, answer.body, await stored()]).toEqual([200, { status: 'stored' }, before + 1]);
    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('is stored again when it comes again, and answered the same', async () => {
    const before = await stored();
    const again = signed(settled('n-2'));
    expect([(await post(again)).status, (await post(again)).status, await stored()]).toEqual([200, 200, before + 2]);
  });

  it('may be signed with the previous key while keys are exchanged', async () => {
    expect((await post(signed(settled('n-3'), 'SB-Mid-server-before'))).status).toBe(200);
  });

  it('is taken at an address with a slash at its end, too', async () => {
    const before = await stored();
    const body = JSON.stringify(signed(settled('n-6')));
    expect((await send(`${service.url}${path}/`, { method: 'POST', body })).status).toBe(200);
    expect(await stored()).toBe(before + 1);
  });

  it('needs no content type', async () => {
    const body = JSON.stringify(signed(settled('n-4')));
    expect((await send(service.url + path, { method: 'POST', body: Buffer.from(body) })).status).toBe(200);
  });

  it.each<readonly [string, unknown]>([
    ['another key', signed(settled('n-5'), 'SB-Mid-server-forged')],
    ['another amount than was signed', { ...signed(settled('n-5')), gross_amount: '1.00' }],
    ['an empty signature', { ...signed(settled('n-5')), signature_key: '' }],
  ])('is 400 with a wrong signature: %s', async (_what, body) => {
    const before = await stored();
    const lines = service.journal.entries.length;
    expect(is(await post(body))).toEqual([400, ['invalid_request']]);
    expect(await stored()).toBe(before);
    expect(service.journal.entries[lines]).toEqual({
      level: 'warn',
      message: 'Payment webhook validation failed: order_id=n-5, reason=wrong signature',
      fields: {},
    });
  });

  it.each<readonly [string, string]>([
    ['no JSON', 'hello'],
    ['nothing', ''],
    ['a list', '[]'],
    ['fields missing', '{"order_id":"n-6"}'],
    ['bytes that are no text', '\u0000\ufffd'],
  ])('is 400 when it is none: %s', async (_what, body) => {
    const before = await stored();
    expect(is(await post(body))).toEqual([400, ['invalid_request']]);
    expect(await stored()).toBe(before);
  });

  it('that was refused is kept in a record of its own', async () => {
    await post('{"order_id":"kept"}');
    const records = service.service.container.get(Port.records);
    const slots = Array.from({ length: 50 }, (_, slot) => String(slot));
    const kept = await records.getMany(refusedCollection, slots);
    expect(kept.some(({ document }) => document['order_id'] === 'kept')).toBe(true);
  });

  it('has its order id cut at 50 characters in the log', async () => {
    await post(JSON.stringify({ order_id: 'x'.repeat(200) }));
    expect(lastWarning()).toMatch(
      new RegExp(`^Payment webhook validation failed: order_id=${'x'.repeat(50)}, reason=`),
    );
  });

  it('has at most 64 KiB, by what it says and by what comes', async () => {
    expect(is(await post(' '.repeat(64 * 1024 + 1)))).toEqual([413, ['body_too_large']]);
    expect(await postedInPieces(70)).toBe(413);
    expect(lastWarning()).toBe(
      'Payment webhook validation failed: order_id=unknown, reason=The body has more than 65536 bytes',
    );
    expect((await post(signed(settled('n-7', { padding: 'x'.repeat(60_000) })))).status).toBe(200);
  });

  /** Without a length in front. */
  const postedInPieces = (kibibytes: number): Promise<number> =>
    new Promise((resolve, reject) => {
      const sent = httpRequest(service.url + path, { method: 'POST' }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      sent.on('error', reject);
      for (let piece = 0; piece < kibibytes; piece += 1) sent.write('x'.repeat(1_024));
      sent.end();
    });

  it.each(['GET', 'PUT', 'DELETE'])('is posted: %s is 405, not a redirect', async (method) => {
    const answer = await send(service.url + path, { method });
    expect([...is(answer), answer.headers.get('allow')]).toEqual([405, ['method_not_allowed'], 'POST']);
  });

  it.each([
    ['with a query', `${path}?from=midtrans`],
    ['with the host in front', `http://payments.example${path}`],
  ])('may be posted %s', async (_what, target) => {
    const { port } = new URL(service.url);
    const status = await new Promise((resolve, reject) => {
      const options = { port, path: target, method: 'POST', agent: false };
      const sent = httpRequest(options, (response) => resolve(response.resume().statusCode));
      sent.on('error', reject);
      sent.end(JSON.stringify(signed(settled('n-10'))));
    });
    expect(status).toBe(200);
  });

  it('has an access line when it is refused, and none when it is stored', async () => {
    const before = service.journal.entries.length;
    await post(signed(settled('n-11')));
    const answer = await post('hello', { 'x-request-id': 'midtrans-1' });
    expect(answer.headers.get('x-request-id')).toBe('midtrans-1');
    expect(service.journal.entries.slice(before)).toEqual([
      expect.objectContaining({ level: 'warn' }),
      {
        level: 'info',
        message: `POST ${path} 400`,
        fields: {
          method: 'POST',
          route: path,
          status: 400,
          ms: expect.any(Number),
          request_id: 'midtrans-1',
          user_id: null,
        },
      },
    ]);
  });

  it('that is cut short is no error of ours, and not stored', async () => {
    const before = await stored();
    const lines = service.journal.entries.length;
    const sent = httpRequest(service.url + path, {
      method: 'POST',
      agent: false,
      headers: { 'content-length': 1_000 },
    });
    sent.on('error', () => undefined);
    sent.write('{"order_id":');
    setTimeout(() => sent.destroy(), 50);
    const deadline = Date.now() + 5_000;
    while (service.journal.entries.length < lines + 2 && Date.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 10));
    expect(service.journal.entries.slice(lines).map(({ level, message }) => [level, message])).toEqual([
      ['warn', 'Payment webhook validation failed: order_id=unknown, reason=The body ended before it was complete'],
      ['info', `POST ${path} 400`],
    ]);
    expect(await stored()).toBe(before);
  });

  it('raises an alarm after more than twenty wrong signatures within a minute', async () => {
    const alarms = () => service.journal.entries.filter(({ fields }) => fields['alarm'] === 'wrong_signatures').length;
    expect(alarms()).toBe(0);
    for (let round = 0; round < 21; round += 1) await post(signed(settled('n-8'), 'SB-Mid-server-forged'));
    expect(alarms()).toBe(1);
  });
});

describe('a notification that cannot be stored', () => {
  it('is 502, so that Midtrans sends it again five times, and never 500', async () => {
    const closing = await serviceFor(midtrans.url);
    // The stores go away under a service that still listens.
    await closing.service.container
      .get(Port.eventLog)
      .append('x', [], 'any')
      .catch(() => undefined);
    const log = closing.service.container.get(Port.eventLog) as { append: unknown };
    log.append = () => Promise.reject(new StoreUnavailable('The disk is full'));
    const answer = await send(closing.url + path, { method: 'POST', body: JSON.stringify(signed(settled('n-9'))) });
    const errorId = (answer.body['data'] as JsonObject)['error_id'];
    expect(is(answer)).toEqual([502, ['store_unavailable']]);
    expect(answer.text).not.toContain('disk');
    expect(closing.journal.entries.some(({ fields }) => fields['error_id'] === errorId)).toBe(true);
    await closing.close();
  });
});
