import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SignJWT } from 'jose';
import { startSimulator, type RunningSimulator } from '../../../simulator/start-simulator.js';
import type { JsonObject } from '../../../src/domain/json.js';
import { asText, callerAs, callerWith, codesOf, send, type Answered } from '../../service/caller.js';
import {
  clientKey,
  secret,
  serverKey,
  serviceFor,
  tokenOf,
  type ServiceUnderTest,
} from '../../service/start-service.js';
import { bcaTransfer } from './payment-bodies.js';

let simulator: RunningSimulator;
/** As in development; no gateway is trusted. */
let service: ServiceUnderTest;
/** Behind a trusted gateway on this machine; customers do not make payments themselves. */
let guarded: ServiceUnderTest;
let payment: JsonObject;

beforeAll(async () => {
  simulator = await startSimulator({ serverKey, clientKey });
  service = await serviceFor(simulator.url);
  guarded = await serviceFor(simulator.url, { TRUSTED_GATEWAYS: '127.0.0.0/8', ALLOW_CUSTOMER_PAYMENTS: 'false' });
  payment = (await (await callerAs(service.url, 'owner')).post('/payments', bcaTransfer())).body;
});

afterAll(async () => {
  await service.close();
  await guarded.close();
  await simulator.close();
});

const is = (answer: Answered) => [answer.status, codesOf(answer)] as const;
const key = (text: string) => new TextEncoder().encode(text);
const nowSeconds = () => Math.floor(Date.now() / 1_000);

const token = (claims: Record<string, unknown>, by = secret, alg = 'HS256'): Promise<string> =>
  new SignJWT(claims)
    .setProtectedHeader({ alg })
    .sign(key(by.padEnd(64, '.').slice(0, by === secret ? by.length : 64)));

const listAs = (bearer: string | null, headers: Record<string, string> = {}, url = service.url): Promise<Answered> =>
  send(`${url}/payments`, { headers: { ...(bearer !== null && { authorization: bearer }), ...headers } });

describe('an access token', () => {
  it('is taken when it is signed by the secret, names a user and has not expired', async () => {
    expect((await listAs(`Bearer ${await token({ sub: 'u', exp: nowSeconds() + 60 })}`)).status).toBe(200);
    expect((await listAs(`bearer ${await token({ sub: 'u', exp: nowSeconds() + 60 })}`)).status).toBe(200);
  });

  it('is good for another minute after its end, since clocks differ', async () => {
    expect((await listAs(`Bearer ${await token({ sub: 'u', exp: nowSeconds() - 50 })}`)).status).toBe(200);
    expect(is(await listAs(`Bearer ${await token({ sub: 'u', exp: nowSeconds() - 65 })}`))).toEqual([401, ['unauthenticated']]);
  }); // prettier-ignore

  const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(JSON.stringify({ sub: 'u', exp: 9_999_999_999 })).toString('base64url')}.`;
  const later = nowSeconds() + 3_600;
  it.each<readonly [string, () => Promise<string | null> | string | null]>([
    ['none at all', () => null],
    ['another scheme', () => 'Basic dTpw'],
    ['nothing after the scheme', () => 'Bearer '],
    ['no token', () => 'Bearer abc'],
    ['no signature', () => `Bearer ${unsigned}`],
    ['another secret', async () => `Bearer ${await token({ sub: 'u', exp: later }, 'another secret')}`],
    ['another algorithm', async () => `Bearer ${await new SignJWT({ sub: 'u', exp: later }).setProtectedHeader({ alg: 'HS512' }).sign(key(secret.padEnd(64, '.')))}`],
    ['no end', async () => `Bearer ${await token({ sub: 'u' })}`],
    ['no user', async () => `Bearer ${await token({ exp: later })}`],
    ['an empty user', async () => `Bearer ${await token({ sub: '', exp: later })}`],
    ['a beginning in the future', async () => `Bearer ${await token({ sub: 'u', exp: later, nbf: later })}`],
    ['roles that are no list', async () => `Bearer ${await token({ sub: 'u', exp: later, roles: 'finance' })}`],
  ])('is refused with 401 for %s', async (_what, make) => {
    const answer = await listAs(await make());
    expect(is(answer)).toEqual([401, ['unauthenticated']]);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  }); // prettier-ignore

  it('without roles is a customer, with unknown roles nobody', async () => {
    const customer = callerWith(service.url, { authorization: `Bearer ${await token({ sub: 'u', exp: later })}` });
    expect((await customer.post('/payments', bcaTransfer())).status).toBe(201);
    expect(is(await listAs(`Bearer ${await token({ sub: 'u', exp: later, roles: ['king'] })}`))).toEqual([403, ['forbidden']]);
  }); // prettier-ignore
});

describe('X-User-ID', () => {
  it('must be the user of the token', async () => {
    const bearer = `Bearer ${await tokenOf('u', 'customer')}`;
    expect((await listAs(bearer, { 'x-user-id': 'u' })).status).toBe(200);
    expect(is(await listAs(bearer, { 'x-user-id': 'other' }))).toEqual([403, ['forbidden']]);
  });

  it('is read as it is written in the token, whatever its letters', async () => {
    const bearer = `Bearer ${await tokenOf('jürgen', 'customer')}`;
    const asSent = Buffer.from('jürgen', 'utf8').toString('latin1');
    expect((await listAs(bearer, { 'x-user-id': asSent })).status).toBe(200);
    expect((await listAs(bearer, { 'x-user-id': Buffer.from('jorgen').toString('latin1') })).status).toBe(403);
  });

  it('alone is refused from an address that is not trusted, and is a customer from one that is', async () => {
    expect(is(await listAs(null, { 'x-user-id': 'u' }))).toEqual([401, ['unauthenticated']]);
    expect((await listAs(null, { 'x-user-id': 'u' }, guarded.url)).status).toBe(200);
    const path = `${guarded.url}/payments/3eda3150-e9ce-5455-bb11-10a3ab4c4832/refunds`;
    expect((await send(path, { method: 'POST', headers: { 'x-user-id': 'u' } })).status).toBe(403);
  });

  it('does not stand in for a bad token', async () => {
    expect(is(await listAs('Bearer abc', { 'x-user-id': 'u' }, guarded.url))).toEqual([401, ['unauthenticated']]);
  });
});

describe('where a request came from', () => {
  const addressOf = async (at: ServiceUnderTest, forwarded: string): Promise<unknown> => {
    const shop = await callerAs(at.url, 'shop', 'service');
    const { body } = await shop.post('/payments', bcaTransfer(), { 'x-forwarded-for': forwarded });
    const events = await (await callerAs(at.url, 'auditor', 'auditor')).get(`/payments/${asText(body['id'])}/events`);
    const [initiated] = events.body['data'] as readonly { readonly actor: JsonObject }[];
    return initiated?.actor['address'];
  };

  it('is told by a trusted gateway, and by nobody else', async () => {
    expect(await addressOf(guarded, '203.0.113.7')).toBe('203.0.113.7');
    expect(await addressOf(guarded, '198.51.100.1, 203.0.113.7, 127.0.0.9')).toBe('203.0.113.7');
    expect(await addressOf(guarded, 'nonsense')).toBe('127.0.0.1');
    expect(await addressOf(service, '203.0.113.7')).toBe('127.0.0.1');
  });
});

describe('roles', () => {
  const roles = ['customer', 'service', 'support', 'finance', 'auditor', 'operator'] as const;
  /** Of a payment that belongs to somebody else. `yes`: it gets past the roles, whatever comes then. */
  const table: readonly (readonly [what: string, method: string, path: () => string, answers: string])[] = [
    ['make a payment', 'POST', () => '/payments', 'yes yes 403 403 403 403'],
    ['list payments', 'GET', () => '/payments', 'yes yes yes yes yes 403'],
    ['read a payment', 'GET', () => '/payments/:id', '404 yes yes yes yes 403'],
    ['read its events', 'GET', () => '/payments/:id/events', '404 yes yes yes yes 403'],
    ['list its refunds', 'GET', () => '/payments/:id/refunds', '404 yes yes yes yes 403'],
    ['cancel it', 'POST', () => '/payments/:id/cancel', '404 yes yes yes 403 403'],
    ['let it expire', 'POST', () => '/payments/:id/expire', '403 403 yes yes 403 403'],
    ['sync it', 'POST', () => '/payments/:id/sync', '403 403 yes yes 403 403'],
    ['capture it', 'POST', () => '/payments/:id/capture', '403 403 403 yes 403 403'],
    ['approve it', 'POST', () => '/payments/:id/approve', '403 403 403 yes 403 403'],
    ['deny it', 'POST', () => '/payments/:id/deny', '403 403 403 yes 403 403'],
    ['refund it', 'POST', () => '/payments/:id/refunds', '403 403 403 yes 403 403'],
    ['see parked keys', 'GET', () => '/payments/parked-keys', '403 403 403 403 yes yes'],
    ['resume one (there is none)', 'POST', () => '/payments/parked-keys/:id/resume', '403 403 403 403 403 404'],
    ['see the methods', 'GET', () => '/payments/methods', 'yes yes yes yes yes yes'],
  ];
  const cells = table.flatMap(([what, method, path, answers]) =>
    answers.split(' ').map((expected, index) => [roles[index] ?? 'customer', what, method, path, expected] as const),
  );

  it.each(cells)('of a %s: may it %s of others?', async (role, _what, method, path, expected) => {
    const caller = await callerAs(service.url, 'somebody else', role);
    const where = path().replace(':id', asText(payment['id']));
    // A body that is refused after the roles were asked, so that nothing is really done.
    const answer = method === 'GET' ? await caller.get(where) : await caller.post(where, '{"broken');
    const said = [401, 403, 404].includes(answer.status) ? String(answer.status) : 'yes';
    expect(said).toBe(expected);
  });

  it('add up', async () => {
    const both = await callerAs(service.url, 'both', 'customer', 'auditor');
    expect((await both.get(`/payments/${asText(payment['id'])}`)).status).toBe(200);
    expect((await both.post('/payments', bcaTransfer())).status).toBe(201);
  });

  it('of customers do not make payments where that is the business of a service', async () => {
    expect(is(await (await callerAs(guarded.url, 'u')).post('/payments', bcaTransfer()))).toEqual([403, ['forbidden']]);
    const both = await callerAs(guarded.url, 'u', 'customer', 'service');
    expect((await both.post('/payments', bcaTransfer())).status).toBe(201);
  });

  it('let a service cancel what is pending, whoever it belongs to', async () => {
    const { body } = await (await callerAs(service.url, 'owner')).post('/payments', bcaTransfer());
    const answer = await (
      await callerAs(service.url, 'shop', 'service')
    ).post(`/payments/${asText(body['id'])}/cancel`);
    expect([answer.status, answer.body['status']]).toEqual([200, 'cancel']);
  });

  it('stand in the events as the token has them', async () => {
    const shop = await callerAs(service.url, 'shop', 'service');
    const { body } = await shop.post('/payments', bcaTransfer({ user_id: 'owner' }));
    const [first] = (await shop.get(`/payments/${asText(body['id'])}/events`)).body['data'] as readonly JsonObject[];
    expect(first?.['actor']).toEqual({ kind: 'service', id: 'shop', roles: ['service'], address: null });
  });
});
