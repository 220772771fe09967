import type { Nodes } from './decide.ts';
import type { SlurmQueue } from './queue-file.ts';

/** What a controller remembers of what it did; all else it reads anew, so that another can take its place. */
export interface Fleet {
  /** The last call of squeue when it last asked SLURM for a change, or began: its answer may not show what was done. */
  readonly actedAtCall: number;
  /** The latest job, until a consumer of it was seen. */
  readonly unseenJob?: string | undefined;
  /** Submissions in a row that were refused, or whose job ended before a consumer of it was seen. */
  readonly failures: number;
  readonly lastFailureMs: number;
}

/** A fleet of which nothing is known yet; what it takes over may have been submitted just before it began. */
export function newFleet(call: number): Fleet {
  return { actedAtCall: call, failures: 0, lastFailureMs: -Infinity };
}

/** After a submission as `job`; undefined where SLURM did not say whether it took it. */
export function afterSubmission(fleet: Fleet, job: string | undefined, call: number): Fleet {
  return { ...acted(fleet, call), unseenJob: job };
}

/** After tasks were let go: that a job of theirs ends unseen is no failure. */
export function afterLettingGo(fleet: Fleet, call: number): Fleet {
  return { ...acted(fleet, call), unseenJob: undefined };
}

/** After a submission that SLURM refused, or a job that failed. */
export function afterFailure(fleet: Fleet, call: number, nowMs: number): Fleet {
  return { ...acted(fleet, call), unseenJob: undefined, failures: fleet.failures + 1, lastFailureMs: nowMs };
}

/** After consumers of these jobs were seen: if one is of the latest, submissions work. */
export function afterSeeing(fleet: Fleet, jobs: ReadonlySet<string>): Fleet {
  return fleet.unseenJob !== undefined && jobs.has(fleet.unseenJob) ? { ...fleet, unseenJob: undefined, failures: 0 } : fleet;
}

/** The tasks called `name` in an answer that was asked for after the fleet's last act; else undefined. */
export function nodesIn(answer: SlurmQueue | undefined, name: string, fleet: Fleet): Nodes | undefined {
  if (answer === undefined || answer.call <= fleet.actedAtCall) return undefined;
  const own = answer.tasks.filter((task) => task.name === name);
  return {
    pending: own.filter(({ state }) => state === 'pending').map(({ id }) => id),
    // What is in no manual may run: rather one node too few than one too many.
    running: own.filter(({ state }) => state === 'running' || state === 'unknown').length,
  };
}

/** The latest job, where such an answer has nothing of it any more although no consumer of it was seen. */
export function lostJob(answer: SlurmQueue | undefined, fleet: Fleet): string | undefined {
  const { unseenJob } = fleet;
  if (unseenJob === undefined || answer === undefined || answer.call <= fleet.actedAtCall) return undefined;
  return answer.tasks.some(({ jobId }) => jobId === unseenJob) ? undefined : unseenJob;
}

/** Where the call cannot be read it is 0: an earlier answer counts no more for that. */
function acted(fleet: Fleet, call: number): Fleet {
  return { ...fleet, actedAtCall: Math.max(fleet.actedAtCall, call) };
}
