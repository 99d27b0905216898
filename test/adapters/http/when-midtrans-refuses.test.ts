import { afterEach, describe, expect, it } from '@jest/globals';
import { json, loopbackMidtrans, reset, type LoopbackMidtrans, type Reply } from '../midtrans/loopback-midtrans.js';
import { asText, callerAs, codesOf, dataOf, rowsOf, type Answered, type Caller } from '../../service/caller.js';
import { serviceFor, type ServiceUnderTest } from '../../service/start-service.js';
import { pending, refusal, settled } from './midtrans-answers.js';
import { bcaTransfer } from './payment-bodies.js';

interface Scene {
  readonly midtrans: LoopbackMidtrans;
  readonly service: ServiceUnderTest;
  /** May do everything that a test needs. */
  readonly caller: Caller;
}

const open: Scene[] = [];

/** A call to Midtrans ends within a second, and nobody looks after it for a while. */
const durations = JSON.stringify({ answerWithinMs: 1_200, lookAfterMs: [60_000], lookEveryMs: 60_000 });

const scene = async (...script: readonly Reply[]): Promise<Scene> => {
  const midtrans = await loopbackMidtrans(...script);
  const service = await serviceFor(midtrans.url, { DURATIONS_FOR_TESTS: durations });
  const opened = { midtrans, service, caller: await callerAs(service.url, 'u', 'customer', 'finance') };
  open.push(opened);
  return opened;
};

afterEach(async () => {
  for (const { service, midtrans } of open.splice(0)) {
    await midtrans.stop();
    await service.close();
  }
});

const order = bcaTransfer();
const orderId = asText(order['order_id']);
const is = (answer: Answered) => [answer.status, codesOf(answer)] as const;
const types = (answer: Answered) => rowsOf(answer).map(({ type }) => type);

const idOf = async (caller: Caller): Promise<string> => {
  const [payment] = rowsOf(await caller.get(`/payments?order_id=${orderId}`));
  return asText(payment?.['id']);
};

describe('a charge', () => {
  it('is 422 midtrans_rejected when the request is refused, with what Midtrans said, and logged as failed', async () => {
    const { caller, service } = await scene(json(refusal('411', 'Token id is missing, invalid, or timed out')));
    const answer = await caller.post('/payments', order);
    expect(is(answer)).toEqual([422, ['midtrans_rejected']]);
    expect(dataOf(answer)).toEqual({
      status_code: '411',
      message: expect.stringContaining('Token id is missing, invalid, or timed out'),
    });
    const lines = service.journal.entries.filter(({ message }) => message.startsWith('Payment '));
    expect(lines.map(({ level, message }) => [level, message])).toEqual([
      ['info', `Payment initiated: order_id=${orderId}, amount=50000, payment_type=bank_transfer`],
      ['error', expect.stringMatching(`^Payment failed: order_id=${orderId}, error=.*Token id is missing`)],
    ]);
    const again = await caller.post('/payments', order);
    expect([again.status, again.body['status']]).toEqual([200, 'failure']);
  });

  it('is 422 gateway_order_id_taken, with an alarm, when Midtrans knows the order from elsewhere', async () => {
    const { caller, service } = await scene(json(refusal('406', 'The request could not be completed due to a conflict')));
    const answer = await caller.post('/payments', order);
    expect(is(answer)).toEqual([422, ['gateway_order_id_taken']]);
    const alarms = service.journal.entries.filter(({ level }) => level === 'alarm');
    expect(alarms.map(({ fields }) => fields['alarm'])).toEqual(['gateway_order_id_taken']);
  }); // prettier-ignore

  it('is 502 when our account is refused, burns no order id, and the same request is the next attempt', async () => {
    const { caller, service } = await scene(
      json(refusal('401', 'Operation is not allowed due to unauthorized payload.'), 401),
      json(pending(orderId)),
    );
    const answer = await caller.post('/payments', order);
    expect(is(answer)).toEqual([502, ['midtrans_misconfigured']]);
    const { error_id, ...said } = dataOf(answer);
    expect(said).toEqual({ status_code: '401', message: expect.stringContaining('unauthorized payload') });
    expect(service.journal.entries.some(({ fields }) => fields['error_id'] === error_id)).toBe(true);
    const again = await caller.post('/payments', order);
    expect([again.status, again.body['status']]).toEqual([201, 'pending']);
  });

  it('is 503 with Retry-After when it was not sent, and the same request is the next attempt', async () => {
    const limited = json({ message: 'API rate limit exceeded' }, 429);
    const { caller } = await scene(limited, limited, json(pending(orderId)));
    const answer = await caller.post('/payments', order);
    expect(is(answer)).toEqual([503, ['midtrans_unavailable']]);
    expect(answer.headers.get('retry-after')).toBe('30');
    expect((await caller.get(`/payments/${await idOf(caller)}`)).body['status']).toBe('initiated');
    const again = await caller.post('/payments', order);
    expect([again.status, again.body['status']]).toEqual([201, 'pending']);
  });

  it('is 202 and in doubt when the connection was lost, also for the same request again', async () => {
    const { caller } = await scene(reset);
    const answer = await caller.post('/payments', order);
    expect([answer.status, answer.body['in_doubt'], answer.body['status']]).toEqual([202, true, 'initiated']);
    const again = await caller.post('/payments', order);
    expect([again.status, again.body['in_doubt']]).toEqual([202, true]);
    const cancel = await caller.post(`/payments/${asText(answer.body['id'])}/cancel`);
    expect(is(cancel)).toEqual([409, ['invalid_transaction_status']]);
  });
});

describe('an action', () => {
  it('is 202 while its outcome is unknown', async () => {
    const { caller } = await scene(json(pending(orderId)), reset);
    const { body } = await caller.post('/payments', order);
    const answer = await caller.post(`/payments/${asText(body['id'])}/cancel`);
    expect([answer.status, answer.body['in_doubt']]).toEqual([202, true]);
  });

  it('is 409 when Midtrans says that the status does not allow it, and our status is brought up to date', async () => {
    const { caller } = await scene(
      json(pending(orderId)),
      json(refusal('412', 'Merchant cannot modify the status of the transaction')),
      json(settled(orderId)),
    );
    const { body } = await caller.post('/payments', order);
    const answer = await caller.post(`/payments/${asText(body['id'])}/cancel`, { reason: 'sold out' });
    expect(is(answer)).toEqual([409, ['invalid_transaction_status']]);
    expect(dataOf(answer)['status_code']).toBe('412');
    expect(types(await caller.get(`/payments/${asText(body['id'])}/events`))).toEqual([
      'PaymentInitiated',
      'PaymentPending',
      'CancelRequested',
      'PaymentSettled',
      'CancelRefused',
    ]);
  });

  it('is 503 when Midtrans cannot be reached, and may be asked for again', async () => {
    const limited = json({ message: 'API rate limit exceeded' }, 429);
    const { caller } = await scene(
      json(pending(orderId)),
      limited,
      limited,
      json(pending(orderId, { status_code: '200', transaction_status: 'cancel' })),
    );
    const { body } = await caller.post('/payments', order);
    const path = `/payments/${asText(body['id'])}/cancel`;
    expect(is(await caller.post(path))).toEqual([503, ['midtrans_unavailable']]);
    const again = await caller.post(path);
    expect([again.status, again.body['status']]).toEqual([200, 'cancel']);
  });
});

describe('sync', () => {
  const syncAfter = async (...script: readonly Reply[]): Promise<Answered> => {
    const { caller } = await scene(json(pending(orderId)), ...script);
    const { body } = await caller.post('/payments', order);
    return caller.post(`/payments/${asText(body['id'])}/sync`);
  };

  it('answers 200 with what Midtrans says now', async () => {
    const answer = await syncAfter(json(settled(orderId)));
    expect([answer.status, answer.body['status'], answer.body['paid']]).toEqual([200, 'settlement', true]);
  });

  it('is 504 when Midtrans does not answer', async () => {
    expect(is(await syncAfter(reset))).toEqual([504, ['transaction_timeout']]);
  });

  it('is 504 too, but not for want of time, when Midtrans answers with what cannot be read', async () => {
    const answer = await syncAfter(json(settled(orderId, { gross_amount: '50000.50' })));
    expect(is(answer)).toEqual([504, ['transaction_timeout']]);
    expect(answer.body['message']).toBe('Midtrans answered with a transaction that cannot be read');
  });

  it('is 503 when it could not be sent', async () => {
    expect(is(await syncAfter(json({ message: 'API rate limit exceeded' }, 429)))).toEqual([503, ['midtrans_unavailable']]);
  }); // prettier-ignore

  it('is 502 when our account is refused', async () => {
    expect(is(await syncAfter(json(refusal('401', 'Unknown key'), 401)))).toEqual([502, ['midtrans_misconfigured']]);
  });

  it.each([
    ['brings no news', json(pending(orderId)), 200, 'pending'],
    ['brings news', json(settled(orderId)), 200, 'settlement'],
    ['is not answered', reset, 504, 'unanswered'],
    ['finds nothing', json(refusal('404', "Transaction doesn't exist.")), 200, null],
  ] as const)('that %s is on record: who asked, why, and what it found', async (_what, reply, status, found) => {
    const { caller } = await scene(json(pending(orderId)), reply);
    const { body } = await caller.post('/payments', order);
    const path = `/payments/${asText(body['id'])}`;
    const answer = await caller.post(`${path}/sync`, { reason: 'the customer says that he paid' });
    expect(answer.status).toBe(status);
    const [, , asked] = rowsOf(await caller.get(`${path}/events`));
    expect([asked?.['type'], asked?.['actor'], asked?.['data']]).toEqual([
      'GatewayAsked',
      { kind: 'user', id: 'u', roles: ['customer', 'finance'], address: '127.0.0.1' },
      {
        transaction_id: typeof found === 'string' && found !== 'unanswered' ? body['transaction_id'] : null,
        found,
        absence_counts: false,
        reason: 'the customer says that he paid',
      },
    ]);
  });
});
