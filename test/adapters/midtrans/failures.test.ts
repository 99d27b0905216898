import { createServer, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { MidtransClient, midtransTiming, type MidtransTiming } from '../../../src/adapters/midtrans/client.js';
import { midtransHosts } from '../../../src/adapters/midtrans/hosts.js';
import type { MidtransPaymentGateway } from '../../../src/adapters/midtrans/payment-gateway.js';
import type { Provider } from '../../../src/domain/methods/providers.js';
import { rupiah } from '../../../src/domain/money/rupiah.js';
import { orderId, refundKey, transactionId, wishId } from '../../../src/domain/payments/identity.js';
import type { JsonObject } from '../../../src/domain/json.js';
import { anOrder } from './charge-orders.js';
import {
  gatewayTo,
  html,
  json,
  loopbackMidtrans,
  raw,
  reset,
  serverKey,
  silence,
  type LoopbackMidtrans,
  type Reply,
} from './loopback-midtrans.js';

const pending = {
  status_code: '201',
  transaction_id: 't1',
  order_id: 'order-101',
  gross_amount: '44000.00',
  payment_type: 'gopay',
  transaction_status: 'pending',
} satisfies JsonObject;

const error = (code: string, message = 'as told') => json({ status_code: code, status_message: message });

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

interface Stage {
  readonly gateway: MidtransPaymentGateway;
  readonly midtrans: LoopbackMidtrans;
}

const stage = async (script: readonly Reply[], timing: Partial<MidtransTiming> = {}): Promise<Stage> => {
  const midtrans = await loopbackMidtrans(...script);
  const { gateway, close } = gatewayTo(midtrans.url, timing);
  closers.push(midtrans.stop, close);
  return { gateway, midtrans };
};

const wish = wishId('wish-1');
const subject = { transactionId: transactionId('t1') };

const refundOrder = {
  wishId: wish,
  subject,
  provider: 'gopay' as const,
  refundKey: refundKey('r1'),
  amount: rupiah(5_000),
  reason: 'too late',
};

const calls = {
  'a charge that may be repeated': (gateway: MidtransPaymentGateway) => gateway.charge(anOrder('gopay')),
  'a charge that may not': (gateway: MidtransPaymentGateway) => gateway.charge(anOrder('permata')),
  'a look': (gateway: MidtransPaymentGateway) => gateway.look(subject),
  'a refund': (gateway: MidtransPaymentGateway) => gateway.refund(refundOrder),
  'a capture': (gateway: MidtransPaymentGateway) =>
    gateway.capture({ wishId: wish, transactionId: transactionId('t1'), amount: rupiah(1) }),
} as const;

type Call = keyof typeof calls;
const repeatableCalls: readonly Call[] = ['a charge that may be repeated', 'a look', 'a refund', 'a capture'];
const allCalls: readonly Call[] = [...repeatableCalls, 'a charge that may not'];

const slowHeaders: Reply = (response) => setTimeout(() => json(pending)(response, response.req), 1_500).unref();
const slowBody: Reply = (response) => {
  response.writeHead(200, { 'content-type': 'application/json' }).write('{"status_code":');
};
const resetWithinBody: Reply = (response) => {
  slowBody(response, response.req);
  setTimeout(() => response.socket?.resetAndDestroy(), 5);
};
const cutShort: Reply = (response) => {
  response
    .writeHead(200, { 'content-type': 'application/json', 'content-length': '500' })
    .write('{"status_code":"200"');
  setTimeout(() => response.socket?.end(), 5);
};
const hugeBody: Reply = (response) => {
  response.on('error', () => {});
  raw(`{"status_code":"200","padding":"${'x'.repeat(700_000)}"}`)(response, response.req);
};

describe('an end that leaves open whether Midtrans acted', () => {
  const ends: Readonly<Record<string, Reply>> = {
    'no answer': silence,
    'headers that come too late': slowHeaders,
    'a body that never ends': slowBody,
    'a connection reset after the request': reset,
    'a connection reset within the body': resetWithinBody,
    'a body that stops short': cutShort,
    'a body without end': hugeBody,
    'HTTP 500 in HTML': html(500),
    'HTTP 502 in HTML': html(502),
    'HTTP 503 in HTML': html(503),
    'HTTP 504 in HTML': html(504),
    'HTTP 200 in HTML': html(200),
    'an empty body': raw(''),
    'half a JSON': raw('{"status_code":"2'),
    'a list': raw('[]'),
    ...Object.fromEntries(
      ['500', '502', '503', '504', '505', '900'].map((code) => [`${code} in the body`, error(code)]),
    ),
  };
  const timing = { headersMs: 60, bodyMs: 60, deadlineMs: 600 };

  it.each(Object.keys(ends).flatMap((end) => repeatableCalls.map((call): [string, Call] => [end, call])))(
    '%s makes %s unknown after three sends of the same wish',
    async (end, call) => {
      const { gateway, midtrans } = await stage([ends[end] ?? silence], timing);
      expect((await calls[call](gateway)).type).toBe('unknown');
      const keys = midtrans.received.map(({ headers }) => headers['idempotency-key']);
      expect(keys).toEqual(call === 'a look' ? [undefined, undefined, undefined] : ['wish-1', 'wish-1', 'wish-1']);
    },
  );

  it.each(Object.keys(ends))('%s makes a charge whose key Midtrans ignores unknown after one send', async (end) => {
    const { gateway, midtrans } = await stage([ends[end] ?? silence], timing);
    expect((await calls['a charge that may not'](gateway)).type).toBe('unknown');
    expect(midtrans.received.length).toBe(1);
  });

  it('is over when a repeat is answered', async () => {
    const { gateway, midtrans } = await stage([reset, html(502), json(pending)]);
    const answer = await calls['a charge that may be repeated'](gateway);
    expect(answer.type).toBe('transaction');
    expect(new Set(midtrans.received.map(({ body }) => body)).size).toBe(1);
    expect(midtrans.received.length).toBe(3);
  });

  it('is never over later than the deadline, however slowly an answer drips', async () => {
    const drip: Reply = (response) => {
      response.writeHead(200);
      const dripping = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(dripping));
    };
    const { gateway } = await stage([drip], { deadlineMs: 300 });
    const startedAt = performance.now();
    const answer = await gateway.charge(anOrder('permata'));
    expect(answer).toEqual({ type: 'unknown', message: 'No whole answer came (nothing came within 300 ms)' });
    expect(performance.now() - startedAt).toBeLessThan(450);
  });

  it('keeps a charge that may not be repeated waiting for the whole deadline', async () => {
    const late: Reply = (response) =>
      setTimeout(() => json({ ...pending, permata_va_number: '1' })(response, response.req), 300);
    const { gateway, midtrans } = await stage([late], { headersMs: 50 });
    expect((await gateway.charge(anOrder('permata'))).type).toBe('transaction');
    expect(midtrans.received.length).toBe(1);
  });
});

describe('a wish that Midtrans is still working on (HTTP 202)', () => {
  const inFlight = raw('', 202);

  it('is asked about until the answer is there', async () => {
    const { gateway, midtrans } = await stage([inFlight, inFlight, inFlight, inFlight, inFlight, json(pending)]);
    expect((await gateway.charge(anOrder('gopay'))).type).toBe('transaction');
    expect(midtrans.received.map(({ headers }) => headers['idempotency-key'])).toEqual(Array(6).fill('wish-1'));
  });

  it('is unknown when the deadline comes first', async () => {
    const { gateway, midtrans } = await stage([inFlight], { deadlineMs: 150, inFlightPauseMs: 40 });
    expect(await gateway.charge(anOrder('gopay'))).toEqual({
      type: 'unknown',
      message: 'Midtrans was still working on it',
    });
    expect(midtrans.received.length).toBeGreaterThanOrEqual(2);
  });
});

describe('a refusal', () => {
  const refused = (because: string, statusCode: number) => ({
    type: 'refused',
    because,
    statusCode,
    message: 'as told',
    firstSend: true,
  });

  it.each(
    allCalls.flatMap((call): [string, Call, object][] => [
      ['400', call, refused('request', 400)],
      ['401', call, refused('account', 401)],
      ['402', call, refused('account', 402)],
      ['501', call, refused('account', 501)],
      ['406', call, refused('conflict', 406)],
      ['412', call, refused('state', 412)],
      ['414', call, refused('request', 414)],
    ]),
  )('%s of %s is final after one send', async (code, call, expected) => {
    const { gateway, midtrans } = await stage([error(code)]);
    expect(await calls[call](gateway)).toEqual(expected);
    expect(midtrans.received.length).toBe(1);
  });

  it.each([
    ['406', 'conflict'],
    ['412', 'state'],
  ])('%s of a repeat may be about our own first send', async (code, because) => {
    const { gateway } = await stage([reset, error(code)]);
    expect(await gateway.refund(refundOrder)).toEqual({ ...refused(because, Number(code)), firstSend: false });
  });

  it.each([['400'], ['401'], ['411'], ['414']])(
    '%s of a repeat says nothing of the first send, which stays unknown',
    async (code) => {
      const { gateway } = await stage([reset, error(code)]);
      expect(await gateway.charge(anOrder('gopay'))).toEqual({
        type: 'unknown',
        message: `A repeat was refused (${code}: as told); the send before it had no answer`,
      });
    },
  );

  it('of a repeated look is a refusal all the same, since looking moves nothing', async () => {
    const { gateway } = await stage([reset, error('401')]);
    expect(await gateway.look(subject)).toEqual(refused('account', 401));
  });
});

describe('a request that never reached Midtrans', () => {
  const unreachable = (cause: string) => ({
    type: 'not_sent',
    because: 'unreachable',
    message: `Midtrans was not reached (${cause})`,
  });

  const closedPort = async (): Promise<number> => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    return port;
  };

  it.each(allCalls)('because nobody listens: %s was not sent', async (call) => {
    const { gateway, close } = gatewayTo(`http://127.0.0.1:${await closedPort()}`);
    closers.push(close);
    expect(await calls[call](gateway)).toEqual(unreachable('ECONNREFUSED'));
  });

  it('because the name is not known was not sent', async () => {
    const { gateway, close } = gatewayTo('http://midtrans.invalid');
    closers.push(close);
    const answer = await gateway.charge(anOrder('permata'));
    expect([unreachable('ENOTFOUND'), unreachable('EAI_AGAIN')]).toContainEqual(answer);
  });

  it.each(allCalls)('because of the rate limit: %s is tried three times', async (call) => {
    const { gateway, midtrans } = await stage([json({ message: 'API rate limit exceeded' }, 429)]);
    expect(await calls[call](gateway)).toEqual({
      type: 'not_sent',
      because: 'rate_limited',
      message: 'Midtrans takes no more requests for now',
    });
    expect(midtrans.received.length).toBe(3);
  });

  it('the first time may be answered the second time', async () => {
    const { gateway, midtrans } = await stage([json({ message: 'API rate limit exceeded' }, 429), error('406')]);
    const answer = await gateway.charge(anOrder('permata'));
    expect(answer).toEqual({
      type: 'refused',
      because: 'conflict',
      statusCode: 406,
      message: 'as told',
      firstSend: true,
    });
    expect(midtrans.received.length).toBe(2);
  });

  it('after one that may have reached it leaves the wish unknown', async () => {
    const { gateway } = await stage([reset, json({}, 429)]);
    expect((await gateway.charge(anOrder('gopay'))).type).toBe('unknown');
  });
});

describe('the circuit', () => {
  const open = {
    type: 'not_sent',
    because: 'circuit_open',
    message: 'Midtrans did not answer lately, so it was not asked',
  };
  const chargeOnce = (gateway: MidtransPaymentGateway) => gateway.charge(anOrder('permata'));
  const chargeTimes = async (gateway: MidtransPaymentGateway, times: number): Promise<void> => {
    for (let time = 0; time < times; time++) await chargeOnce(gateway);
  };

  it('opens after ten failures of transport in a row, and closes when Midtrans answers again', async () => {
    const script = [...Array<Reply>(10).fill(reset), json({ ...pending, permata_va_number: '1' })];
    const { gateway, midtrans } = await stage(script, { circuitOpenMs: 100 });
    await chargeTimes(gateway, 10);
    expect(await chargeOnce(gateway)).toEqual(open);
    expect(midtrans.received.length).toBe(10);

    await new Promise((resolve) => setTimeout(resolve, 120));
    expect((await chargeOnce(gateway)).type).toBe('transaction');
    expect((await chargeOnce(gateway)).type).toBe('transaction');
  });

  it('lets one request try while the others do not wait for it', async () => {
    const { gateway, midtrans } = await stage([...Array<Reply>(10).fill(reset), silence], { circuitOpenMs: 50 });
    await chargeTimes(gateway, 10);
    await new Promise((resolve) => setTimeout(resolve, 70));
    let isTrialOver = false;
    const trial = chargeOnce(gateway).finally(() => (isTrialOver = true));
    expect(await chargeOnce(gateway)).toEqual(open);
    expect(isTrialOver).toBe(false);
    expect((await trial).type).toBe('unknown');
    expect(midtrans.received.length).toBe(11);
    expect(await chargeOnce(gateway)).toEqual(open);
  });

  it.each([
    ['a refusal', error('400')],
    ["a bank's trouble", error('503')],
    ['the rate limit', json({}, 429)],
    ['a denial', json({ ...pending, status_code: '202', transaction_status: 'deny' })],
  ])('is not opened by %s, however often', async (_what, reply) => {
    const { gateway, midtrans } = await stage([reply], { pausesMs: [] });
    await chargeTimes(gateway, 25);
    expect(midtrans.received.length).toBe(25);
  });

  it('is not opened by failures with answers between them', async () => {
    const nineThenOne = [...Array<Reply>(9).fill(reset), error('400')];
    const { gateway, midtrans } = await stage([...nineThenOne, ...nineThenOne, reset]);
    await chargeTimes(gateway, 20);
    expect(midtrans.received.length).toBe(20);
  });
});

describe('connections', () => {
  it('are kept for the next request', async () => {
    const { gateway, midtrans } = await stage([json(pending)]);
    for (let time = 0; time < 20; time++) await gateway.look(subject);
    // Two, because an answer is handed out a moment before its connection counts as free.
    expect(new Set(midtrans.received.map(({ clientPort }) => clientPort)).size).toBeLessThanOrEqual(2);
  });
});

describe('what Midtrans is sent', () => {
  it('names the key, the wish and where to notify', async () => {
    const midtrans = await loopbackMidtrans(json(pending));
    const { gateway, close } = gatewayTo(midtrans.url, {}, { notificationUrl: 'http://service.test/hook' });
    closers.push(midtrans.stop, close);
    await gateway.charge(anOrder('gopay'));
    await gateway.cancel({ wishId: wish, subject });
    const [charge, cancel] = midtrans.received;
    expect(charge).toMatchObject({
      method: 'POST',
      path: '/v2/charge',
      headers: {
        authorization: `Basic ${Buffer.from(`${serverKey}:`).toString('base64')}`,
        'content-type': 'application/json',
        accept: 'application/json',
        'idempotency-key': 'wish-1',
        'x-override-notification': 'http://service.test/hook',
      },
    });
    expect(cancel?.headers['x-override-notification']).toBeUndefined();
  });

  const order = { wishId: wish, subject };
  it.each<[string, (gateway: MidtransPaymentGateway) => Promise<unknown>, string, string, string]>([
    ['look', (gateway) => gateway.look({ orderId: orderId('a~b.c-_D') }), 'GET', '/v2/a~b.c-_D/status', ''],
    ['approve', (gateway) => gateway.approve(order), 'POST', '/v2/t1/approve', '{}'],
    ['deny', (gateway) => gateway.deny(order), 'POST', '/v2/t1/deny', '{}'],
    ['cancel', (gateway) => gateway.cancel(order), 'POST', '/v2/t1/cancel', '{}'],
    ['expire', (gateway) => gateway.expire(order), 'POST', '/v2/t1/expire', '{}'],
    ['capture', calls['a capture'], 'POST', '/v2/capture', '{"transaction_id":"t1","gross_amount":1}'],
    ['refund', calls['a refund'], 'POST', '/v2/t1/refund', '{"refund_key":"r1","amount":5000,"reason":"too late"}'],
    [
      'close a page',
      (gateway) => gateway.closePage({ wishId: wish, token: 'a/b' }),
      'POST',
      '/snap/v1/transactions/a%2Fb/cancel',
      '{}',
    ],
    [
      'look by an odd transaction id',
      (gateway) => gateway.look({ transactionId: transactionId('../v2?x') }),
      'GET',
      '/v2/..%2Fv2%3Fx/status',
      '',
    ],
  ])('to %s', async (_what, call, method, path, body) => {
    const { gateway, midtrans } = await stage([json(pending)]);
    await call(gateway);
    expect(midtrans.received.map((request) => [request.method, request.path, request.body])).toEqual([
      [method, path, body],
    ]);
  });

  it.each([
    ['a direct refund', 'gopay', '/v2/t1/refund/online/direct'],
    ['a refund as any other', 'qris', '/v2/t1/refund'],
    ['a refund as any other', null, '/v2/t1/refund'],
  ] as const)('is %s with %s where GoPay is to be refunded directly', async (_what, provider, path) => {
    const midtrans = await loopbackMidtrans(error('200'));
    const { gateway, close } = gatewayTo(midtrans.url, {}, { directRefunds: new Set<Provider>(['gopay']) });
    closers.push(midtrans.stop, close);
    await gateway.refund({ ...refundOrder, provider });
    expect(midtrans.received[0]?.path).toBe(path);
  });
});

describe('what Midtrans answers', () => {
  const answerTo = async (call: Call, reply: Reply) => calls[call]((await stage([reply])).gateway);

  it('to a charge about another order is not believed', async () => {
    const answer = await answerTo('a charge that may be repeated', json({ ...pending, order_id: 'order-102' }));
    expect(answer).toEqual({ type: 'unknown', message: 'Midtrans answered about another order' });
  });

  it('to a charge may be a denial, which is a transaction', async () => {
    const denied = { ...pending, status_code: '202', transaction_status: 'deny' };
    const answer = await answerTo('a charge that may be repeated', json(denied));
    expect(answer.type === 'transaction' && answer.observation.status).toBe('deny');
  });

  it('to a charge may be a denial without a transaction, which is a refusal', async () => {
    const answer = await answerTo('a charge that may be repeated', error('202', 'GoPay transaction is denied'));
    expect(answer).toEqual({
      type: 'refused',
      because: 'request',
      statusCode: 202,
      message: 'GoPay transaction is denied',
      firstSend: true,
    });
  });

  it('to a capture that the bank refuses is a refusal, since the hold stands', async () => {
    const denied = { ...pending, status_code: '202', status_message: 'Deny by Bank', transaction_status: 'deny' };
    expect(await answerTo('a capture', json(denied))).toEqual({
      type: 'refused',
      because: 'request',
      statusCode: 202,
      message: 'Deny by Bank',
      firstSend: true,
    });
  });

  it('to a look for what it does not know is that it knows nothing', async () =>
    expect(await answerTo('a look', error('404', "Transaction doesn't exist."))).toEqual({ type: 'not_found' }));

  it('to a look from a gateway that lost its routes is no word about the order', async () =>
    expect((await answerTo('a look', json({ message: 'no Route matched with those values' }, 404))).type).toBe(
      'unknown',
    ));

  const refunded = {
    status_code: '200',
    transaction_status: 'partial_refund',
    refund_amount: '9000.00',
    refund_key: 'r1',
  };
  it('to a refund is that it is accepted, with the amount asked for', async () =>
    expect(await answerTo('a refund', json(refunded))).toEqual({ type: 'accepted', amount: 5_000, confirmedAt: null }));

  it('to a refund that the bank confirmed at once says when', async () => {
    const refunds = [
      { refund_key: 'r0', refund_amount: '4000.00' },
      { refund_key: 'r1', refund_amount: '5000.00', bank_confirmed_at: '2025-02-07 16:43:23' },
    ];
    expect(await answerTo('a refund', json({ ...refunded, refunds }))).toEqual({
      type: 'accepted',
      amount: 5_000,
      confirmedAt: '2025-02-07T09:43:23.000Z',
    });
  });

  it('to a refund that the bank refuses is a refusal', async () =>
    expect(await answerTo('a refund', error('202', 'Refund denied by the bank'))).toEqual({
      type: 'refused',
      because: 'request',
      statusCode: 202,
      message: 'Refund denied by the bank',
      firstSend: true,
    }));

  it('to a refund without a code of its own leaves it unknown', async () =>
    expect((await answerTo('a refund', json({}))).type).toBe('unknown'));
});

describe('a Snap page', () => {
  const chargeSnap = async (reply: Reply) => (await stage([reply])).gateway.charge(anOrder('snap'));
  const closePage = async (reply: Reply) =>
    (await stage([reply])).gateway.closePage({ wishId: wish, token: 'token-123' });
  const snapError = (text: string, httpStatus = 400) => json({ error_messages: [text] }, httpStatus);

  it('is made', async () =>
    expect(await chargeSnap(json({ token: 'token-123', redirect_url: 'https://app.test/token-123' }, 201))).toEqual({
      type: 'page',
      token: 'token-123',
      redirectUrl: 'https://app.test/token-123',
    }));

  it('without a token is none', async () =>
    expect(await chargeSnap(json({}, 201))).toEqual({ type: 'unknown', message: 'Midtrans answered without a page' }));

  it('for an order that was paid elsewhere is a conflict', async () =>
    expect(await chargeSnap(snapError('transaction_details.order_id has been paid and utilized'))).toMatchObject({
      type: 'refused',
      because: 'conflict',
      statusCode: 400,
    }));

  it('is closed', async () =>
    expect(await closePage(json({ canceled_at: '2025-06-03T13:09:39.776Z' }))).toEqual({ type: 'page_closed' }));

  it('that was closed before is closed', async () =>
    expect(await closePage(snapError('token already canceled'))).toEqual({ type: 'page_closed' }));

  it('that an earlier send of the same call has closed, its answer lost, is closed', async () => {
    const { gateway } = await stage([reset, snapError('token already canceled')], { pausesMs: [1] });
    expect(await gateway.closePage({ wishId: wish, token: 'token-123' })).toEqual({ type: 'page_closed' });
  });

  it.each([['Transaction is on progress'], ['token not found']])(
    'of which Midtrans says "%s" is to be looked at',
    async (text) =>
      expect(await closePage(snapError(text, 404))).toEqual({
        type: 'refused',
        because: 'state',
        statusCode: 404,
        message: text,
        firstSend: true,
      }),
  );

  it('is not closed by an answer that does not say so', async () =>
    expect((await closePage(json({}))).type).toBe('unknown'));
});

describe('a secret', () => {
  const secret = fc
    .string({ minLength: 8, maxLength: 60 })
    .filter((text) => text.trim() === text && !'[redacted]'.includes(text));

  it('never comes back in a message, even when Midtrans quotes it', async () => {
    let quoted = '';
    let code = '400';
    const quoting: Reply = (response) => error(code, quoted)(response, response.req);
    const { gateway } = await stage([quoting], { pausesMs: [] });
    await fc.assert(
      fc.asyncProperty(
        secret,
        fc.constantFrom('token_id', 'google_pay_token', 'snap_token'),
        fc.constantFrom('400', '202', '500'),
        async (text, where, answered) => {
          code = where === 'snap_token' ? '400' : answered;
          quoted = `Wrong: ${text}, ${JSON.stringify({ text })}, ${serverKey}, ${Buffer.from(`${serverKey}:`).toString('base64')}`;
          const answer =
            where === 'snap_token'
              ? await gateway.closePage({ wishId: wish, token: text })
              : await gateway.charge(
                  anOrder('credit_card', {
                    details: { [where]: where === 'token_id' ? text : { deep: [{ in: text }] } },
                  }),
                );
          const told = JSON.stringify(answer);
          expect(told).toContain('[redacted]');
          for (const hidden of [text, JSON.stringify(text).slice(1, -1), serverKey]) expect(told).not.toContain(hidden);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('cannot be a server key with white space in it, which would end up elsewhere than in its header', () => {
    const hosts = midtransHosts('sandbox', 'http://127.0.0.1:1');
    for (const key of ['', ' ', 'a b', 'a\r\nx: y']) {
      expect(() => new MidtransClient({ hosts, serverKey: key, timing: midtransTiming })).toThrow(
        'The Midtrans server key is empty or contains white space',
      );
    }
  });
});
