import { defineConfig } from 'vitest/config';

/** Measures what a consumer takes, or takes all that the machine has: nothing may run beside these. */
const ALONE = ['test/slurm/first-job.test.ts', 'test/slurm/many-consumers.test.ts'];

/** None of these minds how long it takes: `ways` computes all the time, about as long as the others together take. */
const UNHURRIED = ['ways', 'privacy', 'isolation', 'explain', 'cluster'].map((name) => `test/slurm/${name}.test.ts`);

/** A group of files; groups follow each other, and the files of a group share so many clusters. */
const group = (name: string, groupOrder: number, clusters: number, include: string[], exclude: string[] = []) => ({
  extends: true as const,
  test: { name, include, exclude, maxWorkers: clusters, sequence: { groupOrder } },
});

/**
 * `npm run test:slurm`: two real SLURM clusters, brought up before the first file and taken down after the last. A file has
 * a cluster to itself while it runs. Most of the time is waiting (for SLURM, and for points that take no core), so that two
 * files side by side take little more than one.
 */
export default defineConfig({
  test: {
    globalSetup: ['test/slurm/harness/global-setup.ts'],
    testTimeout: 360_000,
    hookTimeout: 240_000,
    projects: [
      group('alone', 1, 1, ALONE),
      group('unhurried', 2, 2, UNHURRIED),
      // Points that wait: what these say of seconds holds beside each other.
      group('faults', 3, 2, ['test/slurm/**/*.test.ts'], [...ALONE, ...UNHURRIED]),
    ],
  },
});
