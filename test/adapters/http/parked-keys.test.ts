import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startSimulator, type RunningSimulator } from '../../../simulator/start-simulator.js';
import { ParkedKeyAnswer, ParkedKeyListAnswer } from '../../../src/adapters/http/parked-keys/parked-key-answer.js';
import { ParkedKeys } from '../../../src/application/parking/parked-keys.js';
import { parkedKeyIdOf } from '../../../src/application/parking/parked-key.js';
import { paymentProjectionVersion } from '../../../src/application/payments/payment-projection.js';
import { paymentOfStream } from '../../../src/application/payments/payment-identity.js';
import type { StoredEvent } from '../../../src/application/ports/event-log.js';
import { Port } from '../../../src/infrastructure/ports.js';
import type { JsonObject } from '../../../src/domain/json.js';
import { someEvent, upTo } from '../../contracts/some-events.js';
import {
  asText,
  callerAs,
  codesOf,
  dataOf,
  fieldsOf,
  rowsOf,
  send,
  type Answered,
  type Caller,
} from '../../service/caller.js';
import { clientKey, serverKey, serviceFor, type ServiceUnderTest } from '../../service/start-service.js';
import { until } from '../../service/until.js';
import { freshFolder } from '../embedded/open-folder.js';
import { bcaTransfer } from './payment-bodies.js';

let simulator: RunningSimulator;
let service: ServiceUnderTest;
let operator: Caller;

beforeAll(async () => {
  simulator = await startSimulator({ serverKey, clientKey });
  service = await serviceFor(simulator.url);
  operator = await callerAs(service.url, 'ayu', 'operator');
});

afterAll(async () => {
  await service.close();
  await simulator.close();
});

const follower = `projection:payments:${paymentProjectionVersion}`;
const list = '/payments/parked-keys';
const resumePath = (id: string): string => `${list}/${id}/resume`;
const is = (answer: Answered) => [answer.status, codesOf(answer)] as const;

/** A payment whose read model is up to date; its stream. */
const paymentIn = async (under: ServiceUnderTest): Promise<string> => {
  const { body } = await (await callerAs(under.url, 'buyer')).post('/payments', bcaTransfer());
  return `payment-${asText(body['id'])}`;
};

const append = (under: ServiceUnderTest, stream: string, type: string) =>
  under.service.container.get(Port.eventLog).append(stream, [someEvent({}, { type })], 'any');

const alarmsOf = ({ journal }: ServiceUnderTest) => journal.entries.filter(({ level }) => level === 'alarm');

const recordOf = async (under: ServiceUnderTest, id: string) =>
  (await under.service.container.get(ParkedKeys).find(id))?.parked;

/** As if an event had been too much for an older version of this service. */
const parkedBefore = async (stream: string): Promise<string> => {
  const [event] = await service.service.container.get(Port.eventLog).read(stream, { from: 1, limit: 1 });
  const key = paymentOfStream(stream);
  const error = new Error('An older version could not read this');
  const aside = { follower, key, event: event as StoredEvent, error, tries: 1 };
  await service.service.container.get(ParkedKeys).park(aside);
  return parkedKeyIdOf(follower, key);
};

describe('an event that cannot be folded', () => {
  it('parks its payment for operators to see and to have tried again, also after a restart', async () => {
    const DATA_DIR = freshFolder();
    let under = await serviceFor(simulator.url, { DATA_DIR });
    const [sick, well] = [await paymentIn(under), await paymentIn(under)];
    await append(under, sick, 'PaymentTeleported');
    const id = parkedKeyIdOf(follower, paymentOfStream(sick));
    await until('it is parked', async () => recordOf(under, id));
    expect(alarmsOf(under).map(({ fields }) => [fields['alarm'], fields['parked_key_id'], fields['stream']])).toEqual([
      ['parked_key', id, sick],
    ]);
    const ready = await send(`${under.url}/readyz`);
    expect([ready.status, ready.body]).toEqual([200, { status: 'ready', parked_keys: 1 }]);
    await under.close();

    under = await serviceFor(simulator.url, { DATA_DIR });
    await append(under, sick, 'PaymentTeleported');
    await until('the later event waits', async () => (await recordOf(under, id))?.waiting_revision === 3);
    const ayu = await callerAs(under.url, 'ayu', 'operator');
    const listed = ParkedKeyListAnswer.parse((await ayu.get(`${list}?status=parked`)).body);
    expect(listed.data).toMatchObject([
      { id, follower, key: paymentOfStream(sick), event: { stream: sick, revision: 2 }, tries: 1, status: 'parked' },
    ]);
    expect((await (await callerAs(under.url, 'auditor', 'auditor')).get(list)).body).toEqual(listed);

    const failed = await ayu.post(resumePath(id), { reason: 'perhaps now' });
    expect(is(failed)).toEqual([409, ['still_parked']]);
    expect(dataOf(failed)).toMatchObject({ status: 'parked', tries: 2, error: expect.stringContaining('PaymentTeleported') });
    expect((await recordOf(under, id))?.resumptions).toMatchObject([
      { by: { kind: 'user', id: 'ayu', roles: ['operator'] }, reason: 'perhaps now', outcome: 'failed' },
    ]);
    const support = await callerAs(under.url, 'support', 'support');
    expect((await support.get(`/payments/${paymentOfStream(well)}`)).status).toBe(200);
    expect(alarmsOf(under)).toEqual([]);
    await under.close();
  });
}); // prettier-ignore

describe('a parked key that is resumed', () => {
  it('is on record with who, when and why, and answers the same to the same Idempotency-Key for ever', async () => {
    const stream = await paymentIn(service);
    const id = await parkedBefore(stream);
    const key = { 'idempotency-key': 'resume-1', 'x-request-id': 'request-1' };
    const first = await operator.post(resumePath(id), { reason: 'mended in 1.0.1' }, key);
    expect(first.status).toBe(200);
    expect(ParkedKeyAnswer.parse(first.body)).toEqual(await recordOf(service, id));
    expect(first.body).toMatchObject({
      status: 'resumed',
      tries: 1,
      resumptions: [
        {
          by: { kind: 'user', id: 'ayu', roles: ['operator'] },
          reason: 'mended in 1.0.1',
          request_id: 'request-1',
          outcome: 'resumed',
        },
      ],
    });
    const again = await operator.post(resumePath(id), { reason: 'mended in 1.0.1' }, key);
    expect([again.status, again.headers.get('idempotency-hit'), again.body]).toEqual([200, 'true', first.body]);
    expect(is(await operator.post(resumePath(id), {}, key))).toEqual([422, ['idempotency_key_reused']]);
    const late = await operator.post(resumePath(id));
    expect(is(late)).toEqual([409, ['not_parked']]);
    expect(dataOf(late)).toMatchObject({ status: 'resumed' });
  });

  it('is resumed once by many at once, and the others see that it is done', async () => {
    const id = await parkedBefore(await paymentIn(service));
    const answers = await Promise.all(upTo(8).map(() => operator.post(resumePath(id))));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, ...upTo(7).map(() => 409)]);
    expect((await recordOf(service, id))?.resumptions).toHaveLength(1);
  });

  it('must be there, before the body is looked at; the body may be left out, and holds nothing but a reason', async () => {
    const nobody = '3eda3150-e9ce-5455-bb11-10a3ab4c4832';
    expect(is(await operator.post(resumePath(nobody), '{"broken'))).toEqual([404, ['not_found']]);
    const id = await parkedBefore(await paymentIn(service));
    const wrong = await operator.post(resumePath(id), { reason: 'x'.repeat(256), because: 1 });
    expect([wrong.status, fieldsOf(wrong)]).toEqual([400, ['reason', 'because']]);
    expect((await recordOf(service, id))?.status).toBe('parked');
    expect((await operator.post(resumePath(id))).status).toBe(200);
  });
});

describe('the list of parked keys', () => {
  it('comes in pages, the newest first, by status, and takes no cursor of another list', async () => {
    const ids = await Promise.all(upTo(5).map(async () => parkedBefore(await paymentIn(service))));
    const pages = async (query: string): Promise<readonly JsonObject[]> => {
      const found: JsonObject[] = [];
      for (let cursor: unknown = ''; typeof cursor === 'string';) {
        const page = await operator.get(`${list}?limit=2&${query}${cursor === '' ? '' : `&cursor=${cursor}`}`);
        expect(page.status).toBe(200);
        found.push(...rowsOf(page));
        cursor = page.body['next_cursor'];
      }
      return found;
    };
    const parked = await pages('status=parked');
    expect(new Set(parked.map((row) => row['id']))).toEqual(new Set(ids));
    const times = parked.map((row) => asText(row['first_parked_at']));
    expect(times).toEqual(times.toSorted().reverse());
    const all = await pages('');
    expect(all.length).toBe(parked.length + (await pages('status=resumed')).length);

    const { body } = await operator.get(`${list}?limit=2`);
    const foreign = await operator.get(`${list}?limit=2&status=parked&cursor=${asText(body['next_cursor'])}`);
    expect([is(foreign), fieldsOf(foreign)]).toEqual([[400, ['invalid_request']], ['cursor']]);
    expect(fieldsOf(await operator.get(`${list}?status=lost&limit=0&user=x`))).toEqual(['status', 'limit', 'user']);
  });
});
