import usual from './jest.config.mjs';

/** Three replicas killed and cut off from their stores for minutes (scripts/test-replicas.mjs). */
export default {
  ...usual,
  testMatch: ['**/*.replicas.test.ts'],
  testPathIgnorePatterns: [],
  maxWorkers: 1,
};
