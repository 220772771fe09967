import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { messageOf } from '../../runtime/errors.ts';
import { runChild, type ChildTimes } from './child.ts';
import { THREADS } from './trial.ts';

const SCRIPT = join(import.meta.dirname, 'dask_peer.py');

/** What to do where the peer is missing. */
export const HOW_TO_GET =
  'on Debian and Ubuntu: apt-get install python3-distributed python3-dask python3-pandas python3-numpy; ' +
  'another Python that has them: --python PATH; without the peer: --only bare,run';

// Dask gives every core a process, so whatever BLAS is underneath has one thread.
const ONE_THREAD = {
  OPENBLAS_NUM_THREADS: '1',
  OMP_NUM_THREADS: '1',
  MKL_NUM_THREADS: '1',
  BLIS_NUM_THREADS: '1',
};

const versionsSchema = z.record(z.string(), z.string());
const reportSchema = z.object({
  seconds: z.number(),
  startSeconds: z.number(),
  alignments: z.array(z.number()),
});

/** One run of the peer, in seconds from before the cluster's start. */
export type DaskTrial = z.infer<typeof reportSchema> & ChildTimes;

/** Versions of what the peer runs on; throws with the reason where it cannot run. */
export async function daskVersions(python: string): Promise<Record<string, string>> {
  try {
    const { stdout } = await promisify(execFile)(python, [SCRIPT, '--versions']);
    return versionsSchema.parse(JSON.parse(stdout));
  } catch (thrown) {
    const reason = messageOf(thrown).trim().split('\n').at(-1);
    throw new Error(`no Dask to compare with (${python}: ${reason}); ${HOW_TO_GET}`, { cause: thrown });
  }
}

/** The course's function over seeds 0 to points - 1 on as many workers as the other loops have threads. */
export async function tryDask(python: string, points: number, directory: string): Promise<DaskTrial> {
  const args = [SCRIPT, join(directory, 'ems.db3'), String(points), String(THREADS)];
  const environment = { PATH: process.env['PATH'], HOME: process.env['HOME'], ...ONE_THREAD };
  const { stdout, ...times } = await runChild(python, args, { cwd: directory, environment });
  const report = reportSchema.parse(JSON.parse(stdout));
  if (report.alignments.length === points) return { ...report, ...times };
  throw new Error(`Dask's table has ${report.alignments.length} rows, expected ${points}`);
}
