import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startSimulator, type RunningSimulator } from '../../../simulator/start-simulator.js';
import { notNow } from '../../../src/adapters/http/answers/http-refusal.js';
import { ErrorAnswer } from '../../../src/adapters/http/answers/error-answer.js';
import { StoreUnavailable } from '../../../src/application/ports/event-log.js';
import { KeyDestroyed } from '../../../src/application/ports/personal-data.js';
import { TooManyConflicts } from '../../../src/application/payments/payment-histories.js';
import { paymentId } from '../../../src/domain/payments/identity.js';
import { Port } from '../../../src/infrastructure/ports.js';
import { callerAs, codesOf, dataOf, send, type Answered } from '../../service/caller.js';
import { MidtransBetween } from '../../service/midtrans-between.js';
import { clientKey, serverKey, serviceFor, tokenOf, type ServiceUnderTest } from '../../service/start-service.js';
import { bcaTransfer } from './payment-bodies.js';

let simulator: RunningSimulator;
let service: ServiceUnderTest;

beforeAll(async () => {
  simulator = await startSimulator({ serverKey, clientKey });
  service = await serviceFor(simulator.url);
});

afterAll(async () => {
  await service.close();
  await simulator.close();
});

const is = (answer: Answered) => [answer.status, codesOf(answer)] as const;

describe('an answer', () => {
  it('has the name of its request: the given one when it is sane, else one of ours', async () => {
    const nameOf = async (given: string) =>
      (await send(`${service.url}/healthz`, { headers: { 'x-request-id': given } })).headers.get('x-request-id');
    expect(await nameOf('checkout-17')).toBe('checkout-17');
    expect(await nameOf('a b')).toMatch(/^[0-9a-f-]{36}$/);
    expect(await nameOf('x'.repeat(129))).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('is one line in the log: no query, no body, the pattern instead of the path', async () => {
    const caller = await callerAs(service.url, 'u');
    await caller.get('/payments/3eda3150-e9ce-5455-bb11-10a3ab4c4832?min_revision=0', { 'x-request-id': 'seen' });
    const lines = service.journal.entries.filter(({ fields }) => fields['request_id'] === 'seen');
    expect(lines).toEqual([
      {
        level: 'info',
        message: 'GET /payments/:id 404',
        fields: {
          method: 'GET',
          route: '/payments/:id',
          status: 404,
          ms: expect.any(Number),
          request_id: 'seen',
          user_id: 'u',
        },
      },
    ]);
  });

  it('is 404 where there is nothing, in the one shape of all errors', async () => {
    const answer = await send(`${service.url}/nothing`);
    expect(is(answer)).toEqual([404, ['not_found']]);
    expect(() => ErrorAnswer.parse(answer.body)).not.toThrow();
    expect(answer.body['data']).toBeUndefined();
  });

  it.each([
    ['PUT', '/payments', ['GET', 'HEAD', 'POST']],
    ['DELETE', '/healthz', ['GET', 'HEAD']],
    ['GET', '/payments/3eda3150-e9ce-5455-bb11-10a3ab4c4832/cancel', ['POST']],
  ])('is 405 for %s %s, with what is possible', async (method, path, allowed) => {
    const answer = await send(service.url + path, { method });
    expect(is(answer)).toEqual([405, ['method_not_allowed']]);
    expect(answer.headers.get('allow')?.split(', ').toSorted()).toEqual(allowed);
  });
});

describe('a caller that hangs up', () => {
  it('is no error of ours', async () => {
    const before = service.journal.entries.length;
    const { port } = new URL(service.url);
    const token = await tokenOf('u', 'customer');
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(
      `POST /payments HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"order_id":`,
    );
    setTimeout(() => socket.destroy(), 50);
    const deadline = Date.now() + 2_000;
    while (service.journal.entries.length === before && Date.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 10));
    expect(service.journal.entries.slice(before).map(({ level, message }) => [level, message])).toEqual([
      ['info', 'POST /payments 400'],
    ]);
  });
});

describe('trouble below', () => {
  /** A payment is asked for while the log throws. */
  const whenTheLogThrows = async (error: Error): Promise<{ readonly answer: Answered; readonly broken: ServiceUnderTest }> => {
    const broken = await serviceFor(simulator.url);
    const caller = await callerAs(broken.url, 'u');
    const log = broken.service.container.get(Port.eventLog) as { read: unknown };
    log.read = async () => {
      throw error;
    };
    const answer = await caller.post('/payments', bcaTransfer());
    await broken.close();
    return { answer, broken };
  }; // prettier-ignore

  it('of the store is 503 with Retry-After', async () => {
    const { answer } = await whenTheLogThrows(new StoreUnavailable('connection to 10.0.0.7 refused'));
    expect(is(answer)).toEqual([503, ['store_unavailable']]);
    expect(answer.headers.get('retry-after')).toBe('2');
    expect(answer.text).not.toContain('10.0.0.7');
  });

  it('is 503 nowhere without saying when to come again', () => {
    const sources = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
    const saying = sources.filter((file) => /(?:refusal|HttpRefusal)\(\s*503|status = 503/.test(readFileSync(join('src', file), 'utf8')));
    expect(saying).toEqual([join('adapters', 'http', 'answers', 'http-refusal.ts')]);
    expect(notNow('store_unavailable', 'x', 2).headers).toEqual({ 'Retry-After': '2' });
  }); // prettier-ignore

  it('of too many writers at once is 409', async () => {
    const { answer } = await whenTheLogThrows(new TooManyConflicts(paymentId('3eda3150-e9ce-5455-bb11-10a3ab4c4832')));
    expect(is(answer)).toEqual([409, ['concurrent_change']]);
  });

  it('of a customer whose data is erased is 409', async () => {
    const { answer } = await whenTheLogThrows(new KeyDestroyed('customer:u'));
    expect(is(answer)).toEqual([409, ['customer_erased']]);
  });

  it('of any other kind is 500, with a name in the answer and all about it in the log', async () => {
    const mistake = new Error('secret internals');
    const { answer, broken } = await whenTheLogThrows(mistake);
    expect(is(answer)).toEqual([500, ['internal_error']]);
    expect(answer.text).not.toContain('internals');
    const entry = broken.journal.entries.find(({ fields }) => fields['error_id'] === dataOf(answer)['error_id']);
    expect([entry?.level, entry?.cause]).toEqual(['error', mistake]);
  });
});

describe('health', () => {
  it('is the process being alive', async () => {
    expect((await send(`${service.url}/healthz`)).status).toBe(200);
  });

  it('is readiness when stores and simulator answer', async () => {
    const answer = await send(`${service.url}/readyz`);
    expect([answer.status, answer.body]).toEqual([200, { status: 'ready', parked_keys: 0 }]);
  });

  it('is no readiness without the simulator, with the reason', async () => {
    const alone = await serviceFor('http://127.0.0.1:9');
    const answer = await send(`${alone.url}/readyz`);
    await alone.close();
    expect(is(answer)).toEqual([503, ['not_ready']]);
    expect(answer.headers.get('retry-after')).toBe('2');
    expect(dataOf(answer)).toEqual({ reasons: [expect.stringContaining('simulator')] });
  });

  it('is one line in the log when it goes and one when it comes back, however often it is asked', async () => {
    const between = await MidtransBetween.start(simulator.url);
    const watched = await serviceFor(between.url);
    const ask = async (times: number): Promise<void> => {
      for (let asked = 0; asked < times; asked += 1)
        for (const path of ['readyz', 'healthz']) await send(`${watched.url}/${path}`);
    };
    const before = watched.journal.entries.length;
    await ask(2);
    between.leadTo('http://127.0.0.1:9');
    await ask(3);
    between.leadTo(simulator.url);
    await ask(3);
    await watched.close();
    await between.stop();
    const reasons = expect.stringMatching(/^simulator: does not answer/);
    expect(watched.journal.entries.slice(before)).toEqual([
      { level: 'warn', message: 'Not ready', fields: { reasons } },
      { level: 'info', message: 'Ready again', fields: { reasons_before: reasons } },
    ]);
  });
});
