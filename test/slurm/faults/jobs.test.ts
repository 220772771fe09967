import { describe, expect, test } from 'vitest';
import { inMiddle, POINTS, THREE_SLOTS } from '../harness/mid-table.ts';
import { ownCluster } from '../harness/own-cluster.ts';
import { slurm } from '../harness/places.ts';
import { projectOfEach } from '../harness/project-of-each.ts';
import { jobEnded } from '../harness/slurm-says.ts';
import { expectComplete } from '../harness/slow-points.ts';

const plan = ownCluster();
const project = projectOfEach(plan, 'jobs');

/** Lets requeued tasks start now: SLURM holds them back for two minutes. */
async function startRequeued(): Promise<void> {
  const held = (await slurm(plan, 'squeue', '--noheader', '--array', '--user=ada', '--states=PENDING', '--format=%i')).trim();
  for (const id of held.split('\n').filter((line) => line !== '')) await slurm(plan, 'scontrol', 'update', `jobid=${id}`, 'StartTime=now');
}

describe('every point is one row at its first attempt', () => {
  test('where the job is preempted', async () => {
    const job = await inMiddle(plan, project(), ...THREE_SLOTS, '--partition', 'scavenge');
    const urgent = await project().run('sbatch', '--parsable', '--partition=batch', '--array=1-3', '--nodes=1', '--exclusive', '--time=5', '--wrap', 'sleep 3');
    expect(urgent).toMatchObject({ code: 0, stderr: '' });
    await jobEnded(plan, urgent.stdout.trim());
    const restarts = /Restarts=(\d+)/g;
    const restarted = [...(await slurm(plan, 'scontrol', 'show', 'job', job)).matchAll(restarts)].map(([, count]) => Number(count));
    expect(Math.max(...restarted)).toBe(1);
    await startRequeued();
    await expectComplete(project(), POINTS);
  });

  test('where a task of the job is requeued, and another is cancelled', async () => {
    const job = await inMiddle(plan, project(), ...THREE_SLOTS);
    await slurm(plan, 'scontrol', 'requeue', `${job}_1`);
    await slurm(plan, 'scancel', `${job}_2`);
    await expectComplete(project(), POINTS);
  });
});
