import usual from './jest.config.mjs';

/** Tests that take their time: many kills, many seeds. */
export default {
  ...usual,
  testMatch: ['**/*.long.test.ts'],
  testPathIgnorePatterns: [],
  testTimeout: 300_000,
  maxWorkers: 1,
};
