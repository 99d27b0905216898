import { startMongo } from './start.mjs';

/** One server for all test files of a run; they find it by TEST_MONGODB_URI, each in a database of its own. */
export default async () => {
  const server = await startMongo();
  process.stderr.write(`MongoDB for tests: ${server.kind}\n`);
  process.env['TEST_MONGODB_URI'] = server.uri;
  globalThis.testMongo = server;
};
