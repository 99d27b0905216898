import { describe, expect, it } from '@jest/globals';
import { MongoInvalidArgumentError, MongoNetworkError, MongoServerError } from 'mongodb';
import { refusalIn, unlessUnavailable } from '../../../src/adapters/mongodb/mongo-errors.js';
import { StoreUnavailable } from '../../../src/application/ports/event-log.js';

const thrownFor = async (error: Error): Promise<unknown> => {
  try {
    return await unlessUnavailable(async () => {
      throw error;
    });
  } catch (thrown) {
    return thrown;
  }
};

describe('a call to MongoDB that', () => {
  it.each([
    ['fails because the driver found nobody', new MongoNetworkError('connection closed')],
    [
      'fails because its socket broke while it was written to, which the driver does not wrap',
      Object.assign(new Error('write ECONNRESET'), { code: 'ECONNRESET', errno: -104, syscall: 'write' }),
    ],
  ])('%s is an unavailable store', async (_, error) => {
    const thrown = await thrownFor(error);
    expect(thrown).toBeInstanceOf(StoreUnavailable);
    expect((thrown as Error).cause).toBe(error);
  });

  it.each([
    ['asked for what the driver refuses to send', new MongoInvalidArgumentError('not like that')],
    ['ran into a mistake of ours', new TypeError('undefined is not a function')],
  ])('fails because we %s is our own fault', async (_, error) => {
    expect(await thrownFor(error)).toBe(error);
  });

  it('never ends is an unavailable store in the end', async () => {
    const endless = unlessUnavailable(() => new Promise(() => undefined), 20);
    await expect(endless).rejects.toThrow(new StoreUnavailable('MongoDB gave no answer within 20 ms'));
  });
});

describe('what a server answers to a write', () => {
  it.each([
    ['a document that is too large', 10_334, 'MongoDB says code 10334'],
    ['a document that a validator refuses', 121, 'MongoDB says code 121'],
    ['an election', 189, undefined],
    ['a right that is missing', 13, undefined],
    ['a value of a unique index', 11_000, undefined],
  ])('when it is about %s is known for a refusal, or for something that passes', (_, code, refusal) =>
    expect(refusalIn(new MongoServerError({ message: 'with what was sent', code }))).toBe(refusal),
  );

  it('is no answer where the connection broke', () =>
    expect(refusalIn(new MongoNetworkError('connection 3 to 127.0.0.1:27017 closed'))).toBeUndefined());
});
