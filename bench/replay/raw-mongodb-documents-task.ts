import { MongoClient, type AnyBulkWriteOperation, type Collection, type Document } from 'mongodb';
import { performance } from 'node:perf_hooks';
import { paymentCollection } from '../../src/application/payments/payment-collection.js';
import { answerTask } from '../processes/task.js';
import { serversOf } from '../stores/bench-stores.js';
import type { RawDocuments, RawDocumentsTask } from './raw-tasks.js';

const documentsAtOnce = 1_000;

/**
 * The least that anybody must do to keep these documents in MongoDB: insert each finished one once into a collection with the same
 * indexes, many in one call. Reading them from where they are is not counted.
 */
const rawDocuments = async ({ place, into }: RawDocumentsTask): Promise<RawDocuments> => {
  const { mongoUri, database } = serversOf(place);
  const client = new MongoClient(mongoUri);
  const source = client.db(database).collection(paymentCollection.name);
  const target = client.db(serversOf(into).database).collection(paymentCollection.name);
  for (const { key, name, unique = false } of await source.indexes())
    if (name !== '_id_') await target.createIndex(key, { ...(name && { name }), ...(unique && { unique }) });
  const [count, ms] = await copied(source, target);
  await client.close();
  return { count, perSecond: count / (ms / 1_000) };
};

const copied = async (source: Collection, target: Collection): Promise<[count: number, ms: number]> => {
  let [count, ms] = [0, 0];
  let inserts: AnyBulkWriteOperation[] = [];
  const flush = async (): Promise<void> => {
    const startedAt = performance.now();
    await target.bulkWrite(inserts, { ordered: false });
    ms += performance.now() - startedAt;
    count += inserts.length;
    inserts = [];
  };
  // As they are: whole numbers stay 64-bit integers.
  for await (const document of source.find<Document>({}, { promoteLongs: false, batchSize: documentsAtOnce })) {
    inserts.push({ insertOne: { document } });
    if (inserts.length === documentsAtOnce) await flush();
  }
  if (inserts.length > 0) await flush();
  return [count, ms];
};

await answerTask(rawDocuments);
