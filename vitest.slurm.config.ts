import { defineConfig } from 'vitest/config';

/** `npm run test:slurm`: one real SLURM cluster, brought up before the first file and taken down after the last. */
export default defineConfig({
  test: {
    include: ['test/slurm/**/*.test.ts'],
    globalSetup: ['test/slurm/harness/global-setup.ts'],
    testTimeout: 240_000,
    hookTimeout: 120_000,
    fileParallelism: false,
  },
});
