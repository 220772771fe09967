import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { ownCluster } from '../harness/own-cluster.ts';
import { slurm } from '../harness/places.ts';
import { NODES } from '../harness/plan.ts';
import { openProject, type Project } from '../harness/project.ts';
import { consumersOf } from '../harness/provenance.ts';
import { jobEnded } from '../harness/slurm-says.ts';
import { enqueueSlow, expectComplete, SLOW } from '../harness/slow-points.ts';

const plan = ownCluster();

/** The tests wait for minutes that SLURM lends, both at once: a project's end, which ends all jobs, comes after both. */
const opened: Project[] = [];

afterAll(async () => {
  for (const project of opened) await project[Symbol.asyncDispose]();
});

async function openOwn(name: string): Promise<Project> {
  const project = await openProject(plan, name);
  opened.push(project);
  return project;
}

/** So much of a node that both tests fit on it. */
const TWO_SLOTS = ['--cpus', '2', '--mem', '1G'];

/** A job of one consumer that SLURM ends after so many minutes; resolves once it has ended by itself. */
async function oneLaunch(project: Project, minutes: number): Promise<void> {
  const { job } = await project.sluice('launch', 'cluster', SLOW, '--nodes', '1', ...TWO_SLOTS, '--time', String(minutes));
  await jobEnded(plan, String(job));
  expect(await slurm(plan, 'scontrol', 'show', 'job', `${String(job)}_1`)).toMatch(/JobState=COMPLETED[^]*ExitCode=0:0/);
}

describe.concurrent('every point is one row at its first attempt', () => {
  test('where the walltime ends in mid-table: consumers leave before that, and the next ones go on', async () => {
    const project = await openOwn('walltime');
    // Of two slots in a minute at most 60 are done.
    await enqueueSlow(plan, project, 80, 2);
    await oneLaunch(project, 1);
    await project.launch('cluster', NODES.length, SLOW, ...TWO_SLOTS);
    await expectComplete(project, 80);
    expect(consumersOf(project.data, SLOW).length).toBeGreaterThanOrEqual(2);
  });

  test("where SLURM's warning of the walltime's end comes while points run that end before it: they are finished", async () => {
    const project = await openOwn('walltime-warned');
    const note = join(project.folder, 'starts');
    // SLURM warns of an end in two minutes 30 s before it, and up to a minute earlier.
    await enqueueSlow(plan, project, 2, 88, note);
    await oneLaunch(project, 2);
    await expectComplete(project, 2);
    expect(readFileSync(note, 'utf8').trimEnd().split('\n')).toHaveLength(2);
  });
});
