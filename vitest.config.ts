import { defineConfig } from 'vitest/config';

/**
 * System tests that hold computations to bounds of time, or draw the moments at which they kill: what runs beside them
 * would change what they see, so they have the machine to themselves.
 */
const ALONE = ['test/system/chaos/*.test.ts', 'test/system/slot/*.test.ts', 'test/system/consumer/allocation-end.test.ts', 'test/system/upload/chaos.test.ts'];

/** Files of system tests at once: most of their time they wait for what they have started. */
const SYSTEM_WORKERS = 3;

/** Limits that end what hangs; no machine is to be too slow for them, and a test that waits says for what long before. */
const LIMITS = { testTimeout: 300_000, hookTimeout: 120_000 };

/** `npm run check` runs the unit project (pure, seconds); `npm test` runs all three, one after the other. */
export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: 60_000, sequence: { groupOrder: 0 } } },
      { test: { name: 'system', include: ['test/system/**/*.test.ts'], exclude: ALONE, ...LIMITS, maxWorkers: SYSTEM_WORKERS, sequence: { groupOrder: 1 } } },
      { test: { name: 'alone', include: ALONE, ...LIMITS, fileParallelism: false, sequence: { groupOrder: 2 } } },
    ],
  },
});
