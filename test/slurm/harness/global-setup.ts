import type { TestProject } from 'vitest/node';
import { upCluster } from './cluster.ts';
import type { Plan } from './plan.ts';

declare module 'vitest' {
  /** What the tests are told by the setup. */
  export interface ProvidedContext {
    cluster: Plan;
  }
}

/** Brings up the cluster that the tests share; SLUICE_CLUSTER is its number, so that several can be up at once. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const cluster = await upCluster(Number(process.env['SLUICE_CLUSTER'] ?? 0));
  project.provide('cluster', cluster.plan);
  return async () => await cluster.down();
}
