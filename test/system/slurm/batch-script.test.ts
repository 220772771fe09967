import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startCommand, type Command } from '../harness/command.ts';
import { processesIn } from '../harness/processes.ts';
import { until } from '../harness/until.ts';
import { openWorkspace, type Workspace } from '../harness/workspace.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');

/** Ages of a consumer's process at which it is warned: its Node begins, loads, and listens for signals. */
const AGES_MS = [0, 25, 50, 100, 150, 200, 400];

/** The end of an allocation that is far: the script asks no controller. */
const FAR = String(Math.floor(Date.now() / 1000) + 3600);

/** Runs slurm/array.sbatch as slurmd would, and resolves once its consumer's process is there. */
async function startBatch(workspace: Workspace): Promise<Command> {
  const environment = { PATH: process.env['PATH'], HOME: workspace.folder, SLURM_SUBMIT_DIR: ROOT, SLURM_JOB_ID: '7', SLURM_JOB_END_TIME: FAR };
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

test('a job that is cancelled without a warning ends as cancelled', async () => {
  await using workspace = openWorkspace('cancelled-early');
  const batch = await startBatch(workspace);
  expect(await batch.end('SIGTERM')).toMatchObject({ code: 128 + 15 });
});
