import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { CarriedOut } from '../../../src/application/payments/carried-out.js';
import type { MadePayment } from '../../../src/application/payments/make-payment.js';
import { answerWithinMs, ServiceInDoubt, surroundings, type Surroundings } from './doubts-kit.js';

let around: Surroundings;
let service: ServiceInDoubt;
let order: string;
let orders = 0;

beforeAll(async () => {
  around = await surroundings();
});
afterAll(() => around.stop());

beforeEach(() => {
  around.between.heal();
  around.between.seen.length = 0;
  service = new ServiceInDoubt(around.between.url);
  order = `held-up-${(orders += 1)}`;
});
afterEach(() => service.close());

const pending = async (): Promise<void> => void (await service.make('gopay', order));
const paid = async (): Promise<void> => {
  await pending();
  await around.simulator.pay(order);
  await service.sync(order);
};
const hosted = async (): Promise<void> => void (await service.make('snap', order));
const nothing = async (): Promise<void> => undefined;

interface Call {
  readonly what: string;
  readonly before: () => Promise<void>;
  readonly ask: () => Promise<CarriedOut | MadePayment>;
  readonly path: RegExp;
  /** Sent by the resolver at its time; a charge is only ever looked for. */
  readonly sentLater: number;
}

const calls: readonly Call[] = [
  { what: 'a charge', before: nothing, ask: () => service.make('gopay', order), path: /charge$/, sentLater: 0 },
  { what: 'a page', before: nothing, ask: () => service.make('snap', order), path: /transactions$/, sentLater: 1 },
  { what: 'a cancel', before: pending, ask: () => service.act('Cancel', order), path: /\/cancel$/, sentLater: 1 },
  { what: 'a close', before: hosted, ask: () => service.act('Cancel', order), path: /\/cancel$/, sentLater: 1 },
  { what: 'a refund', before: paid, ask: () => service.refund(order, 'r-1'), path: /\/refund$/, sentLater: 1 },
];

describe.each(calls)('$what whose caller was held up', ({ before, ask, path, sentLater }) => {
  const sent = () => around.between.sent('POST', path).length;
  let sentBefore: number;
  beforeEach(async () => {
    await before();
    sentBefore = sent();
  });

  it('is not sent when its call could last beyond its time, and stays in doubt for whoever comes then', async () => {
    service.holdUpTheNext(answerWithinMs / 5);
    expect((await ask()).type).toBe('in_doubt');
    expect(sent()).toBe(sentBefore);
    expect((await service.types(order)).at(-1)).toBe('GatewayUnanswered');

    await service.roundAfter(answerWithinMs);
    expect(sent()).toBe(sentBefore + sentLater);
    expect((await service.view(order)).in_doubt).toBe(sentLater === 0);
  });

  it('is sent all the same when it can end in time', async () => {
    service.holdUpTheNext(10);
    expect((await ask()).type).toBe('done');
    expect(sent()).toBe(sentBefore + 1);
  });
});
