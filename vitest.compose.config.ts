import { defineConfig } from 'vitest/config';

/** `npm run test:compose`: one Docker engine for all files, one of the tests' own where none answers. */
export default defineConfig({
  test: {
    include: ['test/compose/**/*.test.ts'],
    globalSetup: ['test/compose/harness/global-setup.ts'],
    testTimeout: 600_000,
    hookTimeout: 900_000,
    fileParallelism: false,
  },
});
