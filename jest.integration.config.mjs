import usual from './jest.config.mjs';

/** The contract suites and journeys against the servers that EVENTSTORE_URL and MONGODB_URI name. */
export default {
  ...usual,
  testMatch: ['**/*.integration.test.ts'],
  testPathIgnorePatterns: [],
  testTimeout: 30_000,
};
