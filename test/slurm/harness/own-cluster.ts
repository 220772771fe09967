import { inject } from 'vitest';
import type { Plan } from './plan.ts';

/**
 * The cluster that this test file has to itself: vitest numbers the places for files that run at once from 1, and each
 * place has a cluster.
 */
export function ownCluster(): Plan {
  const place = Number(process.env['VITEST_POOL_ID']);
  const plan = inject('clusters')[place - 1];
  if (plan === undefined) throw new Error(`expected a cluster for each file that runs at once, found none for number ${place}; see test/slurm/harness/global-setup.ts`);
  return plan;
}
