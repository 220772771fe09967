import { defineConfig } from 'vitest/config';

/**
 * System tests that compare with bounds of time, or that draw the moments at which they kill: what runs beside them would
 * change what they see, so they have the machine to themselves.
 */
const ALONE = ['test/system/chaos/**', 'test/system/slot/**', 'test/system/consumer/allocation-end.test.ts', 'test/system/upload/chaos.test.ts'];

/** Files of system tests at once: they wait for other processes longer than they compute. */
const SYSTEM_WORKERS = 3;

/**
 * `npm run check` runs the unit project (pure, seconds); `npm test` runs all, one project after the other: `groupOrder`.
 * A limit on a test is there to end one that hangs, and no machine is to be too slow for it.
 */
export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: 60_000, sequence: { groupOrder: 0 } } },
      {
        test: {
          name: 'system',
          include: ['test/system/**/*.test.ts'],
          exclude: ALONE,
          testTimeout: 300_000,
          hookTimeout: 120_000,
          maxWorkers: SYSTEM_WORKERS,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'alone',
          include: ALONE.map((path) => (path.endsWith('/**') ? `${path}/*.test.ts` : path)),
          testTimeout: 300_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
