import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { brokerFileIn } from '../../../runtime/broker-file.ts';
import { startCommand, type Command } from '../harness/command.ts';
import { holdPoints } from '../harness/held-points.ts';
import { nameBroker } from '../harness/named-broker.ts';
import { processesIn } from '../harness/processes.ts';
import { openRedis } from '../harness/redis.ts';
import { until } from '../harness/until.ts';
import { openWorkspace, type Workspace } from '../harness/workspace.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');

/** Ages of a consumer's process at which it is warned: its Node begins, loads, and listens for signals. */
const AGES_MS = [0, 25, 50, 100, 150, 200, 400];

/** The end of an allocation that is far: the script asks no controller, and a warning is of another end. */
const FAR_SECONDS = 3600;

/** One that SLURM may be warning of, and in which a point is begun. */
const NEAR_SECONDS = 100;

/** Longer than a signal takes from the script to its consumer. */
const HANDED_ON_MS = 400;

/** Runs slurm/array.sbatch as slurmd would in an allocation of so many seconds, and resolves once its consumer's process is there. */
async function startBatch(workspace: Workspace, lentSeconds = FAR_SECONDS): Promise<Command> {
  const endsAt = String(Math.floor(Date.now() / 1000) + lentSeconds);
  const environment = { PATH: process.env['PATH'], HOME: workspace.folder, SLUICE_CONNECTION: brokerFileIn(workspace.data), SLURM_SUBMIT_DIR: ROOT, SLURM_JOB_ID: '7', SLURM_CPUS_PER_TASK: '1', SLURM_JOB_END_TIME: endsAt };
  const batch = startCommand('bash', [join(ROOT, 'slurm', 'array.sbatch')], workspace.folder, environment);
  await until('its consumer is started', () => processesIn(workspace.folder).some(({ command }) => command.includes('dist/consumer.mjs')));
  return batch;
}

test.each(AGES_MS)('a warning %i ms after Node was started ends the job well, and opens no debugger', async (ageMs) => {
  await using workspace = openWorkspace('warned-early');
  const batch = await startBatch(workspace);
  await delay(ageMs);
  const end = await batch.end('SIGUSR1');
  expect(end).toMatchObject({ code: 0, signal: null });
  expect(end.stderr).not.toContain('Debugger');
});

test('a warning of the end that the consumer knows stops nothing: it takes what fits, and a TERM after it ends the job as cancelled', async () => {
  await using workspace = openWorkspace('warned-of-the-known');
  await using redis = await openRedis(workspace.folder);
  nameBroker(workspace.data, redis.url);
  const held = holdPoints(workspace, 2);
  await workspace.json(['enqueue', held.spec]);
  const batch = await startBatch(workspace, NEAR_SECONDS);
  await until('a point has started', () => held.told().length === 1);
  batch.signal('SIGUSR1');
  await delay(HANDED_ON_MS);
  held.release(held.told()[0]?.seed);
  await until('the next point has started', () => held.told().length === 3);
  held.release();
  await until('it has ended', () => held.told().length === 4);
  expect(await batch.end('SIGTERM')).toMatchObject({ code: 128 + 15 });
});

test('a job that is cancelled without a warning ends as cancelled', async () => {
  await using workspace = openWorkspace('cancelled-early');
  const batch = await startBatch(workspace);
  expect(await batch.end('SIGTERM')).toMatchObject({ code: 128 + 15 });
});
