import { afterEach, beforeEach } from 'vitest';
import type { Plan } from './plan.ts';
import { openProject, type Project } from './project.ts';
import { restoreCluster } from './restore.ts';

/**
 * Opens a project for each test of the file, with a folder and a namespace of its own, and returns what gives it to the
 * test; after each test the cluster is made whole again.
 */
export function projectOfEach(plan: Plan, name: string, up?: readonly string[]): () => Project {
  const opened: Project[] = [];
  let tests = 0;
  beforeEach(async () => {
    tests += 1;
    opened.push(await openProject(plan, `${name}-${tests}`, up));
  });
  afterEach(async () => {
    await restoreCluster(plan);
    for (const project of opened.splice(0)) await project[Symbol.asyncDispose]();
  });
  return () => {
    const [project] = opened;
    if (project === undefined) throw new Error('expected to be asked within a test, which alone has a project');
    return project;
  };
}
