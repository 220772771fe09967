import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** What enqueuing took, in a process of its own with a Redis of its own. */
export interface EnqueueTrial {
  readonly points: number;
  readonly seconds: number;
  /** The producer's largest resident set. */
  readonly peakMegabytes: number;
}

/** Longest that a trial may take. */
const TRIAL_TIMEOUT_MS = 120_000;

/** Enqueues `points` points of svd-block, append-only file and all. */
export async function tryEnqueue(points: number): Promise<EnqueueTrial> {
  const trial = join(import.meta.dirname, 'enqueue-trial.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [trial, String(points)], { timeout: TRIAL_TIMEOUT_MS });
  return JSON.parse(stdout) as EnqueueTrial;
}
