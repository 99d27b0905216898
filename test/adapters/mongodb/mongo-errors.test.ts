import { describe, expect, it } from '@jest/globals';
import { MongoInvalidArgumentError, MongoNetworkError } from 'mongodb';
import { unlessUnavailable } from '../../../src/adapters/mongodb/mongo-errors.js';
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

describe('a call to MongoDB that fails', () => {
  it.each([
    ['because the driver found nobody', new MongoNetworkError('connection closed')],
    [
      'because its socket broke while it was written to, which the driver does not wrap',
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
  ])('because we %s is our own fault', async (_, error) => {
    expect(await thrownFor(error)).toBe(error);
  });
});
