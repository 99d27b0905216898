import { describe, expect, it } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { databaseOf } from '../../../src/adapters/mongodb/stores.js';

/** Nothing is sent; a lone server is not told of read preferences, so only a replica set would show it on the wire. */
describe('a connection string that says what may be read and when a write stands', () => {
  it.each([
    'readPreference=secondary',
    'readPreference=nearest&maxStalenessSeconds=120',
    'readPreference=secondaryPreferred&readPreferenceTags=dc:east',
    'readConcernLevel=linearizable',
    'readConcernLevel=available&w=1&journal=false&wtimeoutMS=1',
  ])('is not listened to: %s', async (options) => {
    const client = new MongoClient(`mongodb://127.0.0.1:1/?replicaSet=payments&${options}`);
    const payments = databaseOf(client, 'payments', 5_000).collection('payments');
    const { readPreference, readConcern, writeConcern } = payments;
    await client.close();
    expect([readPreference?.mode, readPreference?.tags, readConcern?.level]).toEqual(['primary', undefined, 'local']);
    expect(writeConcern).toMatchObject({ w: 'majority', wtimeoutMS: 5_000 });
    expect(writeConcern?.journal).toBeUndefined();
  });
});
