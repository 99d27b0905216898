import { afterEach, describe, expect, it } from '@jest/globals';
import { Agent } from 'undici';
import { exchange, type HttpRequest } from '../../../src/adapters/midtrans/exchange.js';
import { json, loopbackMidtrans, reset, silence, type Reply } from './loopback-midtrans.js';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const start = async (...script: readonly Reply[]) => {
  const midtrans = await loopbackMidtrans(...script);
  const agent = new Agent({ connections: 1 });
  closers.push(() => agent.destroy(), midtrans.stop);
  const send = (limits: Partial<HttpRequest> = {}) =>
    exchange(agent, {
      method: 'POST',
      origin: midtrans.url,
      path: '/',
      headers: {},
      body: '{}',
      headersMs: 1_000,
      bodyMs: 1_000,
      limitMs: 1_000,
      ...limits,
    });
  return { midtrans, send };
};

describe('one request', () => {
  it('is answered', async () => {
    const { send } = await start(json({ hello: 'é' }, 201));
    expect(await send()).toEqual({ type: 'answered', status: 201, text: '{"hello":"é"}' });
  });

  it('that waits in vain for a connection was not sent, and is not sent afterwards', async () => {
    const { midtrans, send } = await start(silence, json({}));
    const first = send({ limitMs: 250 });
    expect(await send({ limitMs: 100 })).toEqual({ type: 'not_sent', cause: 'nothing came within 100 ms' });
    expect(await first).toEqual({ type: 'lost', cause: 'nothing came within 250 ms' });
    expect((await send()).type).toBe('answered');
    expect(midtrans.received.length).toBe(2);
  });

  it('that nobody begins to answer is given up after its own time', async () => {
    const { send } = await start(silence);
    expect(await send({ headersMs: 60 })).toEqual({ type: 'lost', cause: 'nothing came within 60 ms' });
  });

  it('whose connection breaks is lost', async () => {
    const { send } = await start(reset);
    expect((await send()).type).toBe('lost');
  });
});
