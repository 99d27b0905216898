import usual from './jest.config.mjs';

/** Tests that need a MongoDB. They fail, and never skip, where none is to be had (test/support/mongodb/README.md). */
export default {
  ...usual,
  testMatch: ['**/*.mongodb.test.ts'],
  testPathIgnorePatterns: [],
  globalSetup: './test/support/mongodb/jest-global-setup.mjs',
  globalTeardown: './test/support/mongodb/jest-global-teardown.mjs',
  testTimeout: 20_000,
};
