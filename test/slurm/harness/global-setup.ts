import type { TestProject } from 'vitest/node';
import { upCluster } from './cluster.ts';
import { meetNeeds } from './needs.ts';
import type { Plan } from './plan.ts';

declare module 'vitest' {
  /** What the tests are told by the setup. */
  export interface ProvidedContext {
    clusters: readonly Plan[];
  }
}

/** From the number of the first cluster to that of the second: far from those that anybody gives. */
const APART = 500;

/**
 * Brings up two clusters, one for each of two files that run side by side; SLUICE_CLUSTER is the number of the first, so
 * that others can be up at once. Where one cannot be brought up the other is taken down.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const first = Number(process.env['SLUICE_CLUSTER'] ?? 0);
  // Before both: apt-get installs for one at a time.
  await meetNeeds();
  const coming = await Promise.allSettled([first, first + APART].map(upCluster));
  const clusters = coming.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const down = async (): Promise<void> => void (await Promise.all(clusters.map(async (cluster) => await cluster.down())));
  const failed = coming.find((one) => one.status === 'rejected');
  if (failed !== undefined) {
    await down();
    throw failed.reason;
  }
  project.provide('clusters', clusters.map(({ plan }) => plan));
  return down;
}
