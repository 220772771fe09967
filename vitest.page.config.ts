import { defineConfig } from 'vitest/config';

/** `npm run test:page`: a real Chromium watches real runs; it is found, or got, before the first file. */
export default defineConfig({
  test: {
    include: ['test/page/**/*.test.ts'],
    globalSetup: ['test/page/harness/global-setup.ts'],
    testTimeout: 150_000,
    hookTimeout: 60_000,
    fileParallelism: false,
  },
});
