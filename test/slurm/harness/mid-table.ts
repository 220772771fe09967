import { NODES, type Plan } from './plan.ts';
import type { Project } from './project.ts';
import { enqueueSlow, SLOW, underway } from './slow-points.ts';

/** Points that wait and take no core. */
export const POINTS = 180;
export const SECONDS = 0.5;

/** Rows after which a fault comes. */
export const MIDDLE = 40;

/** A consumer of three slots on a node. */
export const THREE_SLOTS = ['--cpus', '3', '--mem', '1G'] as const;

/** Brings consumers to all nodes into mid-table; resolves with their job's number. */
export async function inMiddle(plan: Plan, project: Project, ...options: readonly string[]): Promise<string> {
  const job = await project.launch('cluster', NODES.length, SLOW, ...options);
  // Only now, so that all of them are at work when the fault comes, however slow the start of one was.
  await enqueueSlow(plan, project, POINTS, SECONDS);
  await underway(project, MIDDLE);
  return job;
}
