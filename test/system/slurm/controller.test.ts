import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { control, type SeenWork } from '../../../slurm/controller.ts';
import type { LaunchOptions } from '../../../slurm/launch-options.ts';
import { until } from '../harness/until.ts';

/** A folder with programs called as SLURM's, which note their calls and do what they are told; also the home. */
let folder: string;
const { PATH: path, HOME: homeBefore, SLURM_CONF: conf } = process.env;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-controller-'));
  Object.assign(process.env, { PATH: `${folder}:${path}`, HOME: folder, SLURM_CONF: '/none' });
  slurmDoes('squeue', 'exit 0');
});

afterEach(() => {
  Object.assign(process.env, { PATH: path, HOME: homeBefore });
  if (conf === undefined) delete process.env['SLURM_CONF'];
  else process.env['SLURM_CONF'] = conf;
  rmSync(folder, { recursive: true });
});

/** Has a program of SLURM's do this from now on. */
function slurmDoes(program: string, script: string): void {
  writeFileSync(join(folder, program), `#!/bin/sh\necho "$*" >> '${folder}/${program}.calls'\n${script}\n`);
  chmodSync(join(folder, program), 0o755);
}

const callsOf = (program: string): number => (existsSync(join(folder, `${program}.calls`)) ? readFileSync(join(folder, `${program}.calls`), 'utf8').trim().split('\n').length : 0);

const OVER: SeenWork = { missing: 0, unsettled: 0, isOver: true, secondsPerPoint: null, cpusPerNode: 4, jobs: new Set() };
const LAUNCH = { name: 'sluice.elastic-t-abc123' } as LaunchOptions;

/** Controls a table whose work is over, and keeps what is said. */
function controlOver(): { said: string[]; stop: AbortController; ended: ReturnType<typeof control> } {
  const [said, stop] = [[] as string[], new AbortController()];
  const ended = control({ launch: LAUNCH, min: 0, max: 2, look: async () => await Promise.resolve(OVER), say: (line) => said.push(line), stop: stop.signal });
  return { said, stop, ended };
}

const NO_ANSWER = 'echo "scancel: error: Zero Bytes were transmitted or received" >&2; exit 1';

test('at the end of the work it waits until SLURM has taken back what is pending', async () => {
  slurmDoes('scancel', NO_ANSWER);
  const { said, ended } = controlOver();
  await until('it has told that it was not heard', () => said.length > 0);
  expect(said[0]).toMatch(/^nothing is left to compute, and pending nodes may be left: SLURM's controller does not answer scancel/);
  slurmDoes('scancel', 'exit 0');
  expect(await ended).toEqual({ isOver: true, submissions: 0 });
  expect(callsOf('scancel')).toBe(2);
});

test('a signal ends that wait, and the work is not said to have been ended', async () => {
  slurmDoes('scancel', NO_ANSWER);
  const { said, stop, ended } = controlOver();
  await until('it has told that it was not heard', () => said.length > 0);
  stop.abort();
  expect(await ended).toEqual({ isOver: false, submissions: 0 });
});
