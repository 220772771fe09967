import { SluiceError } from '../runtime/errors.ts';
import { pause } from '../runtime/wait.ts';
import { cancelTasks, cancelWaiting } from './cancel-launched.ts';
import { decide, FAILURES_BEFORE_STOP, type Work } from './decide.ts';
import { afterFailure, afterLettingGo, afterSeeing, afterSubmission, lostJob, newFleet, nodesIn, type Fleet } from './fleet.ts';
import type { LaunchOptions } from './launch-options.ts';
import { latestCall, readSlurmQueue, type KnownQueue } from './queue.ts';
import { launchedScript, submit } from './submit.ts';

/** Interval at which the work is looked at; SLURM's queue is read from the answer that all processes share. */
const LOOK_MS = 2_000;

/** Pause before SLURM is asked again to take back what is pending at the end: what it refused or did not hear is not pressing. */
const END_AGAIN_MS = 10_000;

/** The work of the table, and the SLURM jobs (`123`) whose consumers are seen. */
export interface SeenWork extends Work {
  readonly jobs: ReadonlySet<string>;
  /** Why it may be older than it should be. */
  readonly trouble?: string | undefined;
}

/** What a controller is given. */
export interface ControlOptions {
  /** What every job is like; the number of its tasks is decided. */
  readonly launch: LaunchOptions;
  /** Bounds of the nodes, pending ones included. */
  readonly min: number;
  readonly max: number;
  /** The work as it stands; undefined while there is no broker to tell. */
  readonly look: () => Promise<SeenWork | undefined>;
  /** Told of every decision, and of what is waited for. */
  readonly say: (line: string) => void;
  /** Ends the control, and leaves the jobs as they are. */
  readonly stop: AbortSignal;
}

/** What a controller did. */
export interface Controlled {
  /** Whether it saw the end of the work; false where it was stopped. */
  readonly isOver: boolean;
  readonly submissions: number;
}

/**
 * Submits nodes for a table's work and lets go of those that wait for nothing, until the work is over; then it cancels
 * what is pending. Its jobs are found by their name, whoever submitted them. Throws SluiceError `launch-failing` after
 * FAILURES_BEFORE_STOP submissions in a row came to nothing; a controller of SLURM that does not answer is waited for, also
 * at the end of the work.
 */
export async function control(options: ControlOptions): Promise<Controlled> {
  const { launch, stop } = options;
  const say = unlessRepeated(options.say);
  let fleet = newFleet(latestCall());
  let submissions = 0;
  while (!stop.aborted) {
    const [work, known] = [await options.look(), await readSlurmQueue()];
    if (known?.error !== undefined) say(`SLURM's queue is not known: ${known.error}`);
    if (work === undefined) say('no broker answers; waiting for one');
    else {
      if (work.trouble !== undefined) say(work.trouble);
      fleet = lookedAt(fleet, work, known, launch.name, say);
      const decision = decide({ ...options, ...fleet, nowMs: Date.now(), work, nodes: nodesIn(known?.answer, launch.name, fleet) });
      if (decision.do === 'end' && (await withoutPending(launch.name, stop, say))) return { isOver: true, submissions };
      if (decision.do === 'give-up') throw failing(launch.name);
      if (decision.do === 'submit') {
        fleet = await submitted(fleet, decision.nodes, work, options, say);
        submissions++;
      }
      if (decision.do === 'let-go') fleet = await lettingGo(fleet, decision.tasks, work, say);
    }
    await pause(LOOK_MS, stop);
  }
  return { isOver: false, submissions };
}

/** The fleet after a look at consumers and queue. */
function lookedAt(fleet: Fleet, work: SeenWork, known: KnownQueue | undefined, name: string, say: (line: string) => void): Fleet {
  const seen = afterSeeing(fleet, work.jobs);
  const lost = lostJob(known?.answer, seen);
  if (lost === undefined) return seen;
  say(`job ${lost} ended before a consumer of it was seen; its logs are called ${name}-${lost}_*.log`);
  return afterFailure(seen, latestCall(), Date.now());
}

/** Submits once; what SLURM refuses is told and counted, its silence is waited out. */
async function submitted(fleet: Fleet, nodes: number, { missing }: Work, { launch, stop }: ControlOptions, say: (line: string) => void): Promise<Fleet> {
  try {
    const job = await submit(launchedScript({ ...launch, tasks: nodes }), { patienceMs: 0, signal: stop });
    say(`job ${job}: ${nodes} more node${nodes === 1 ? '' : 's'} for ${missing} points`);
    return afterSubmission(fleet, job, latestCall());
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error;
    say(error.message);
    // What was not answered may have been done: the next answer of the queue tells.
    return error.code === 'slurm-unreachable' ? afterSubmission(fleet, undefined, latestCall()) : afterFailure(fleet, latestCall(), Date.now());
  }
}

/** Whether SLURM has taken back what is pending; where it has not, that is told, and some time is over until it may be asked again. */
async function withoutPending(name: string, stop: AbortSignal, say: (line: string) => void): Promise<boolean> {
  try {
    await cancelWaiting(name, stop);
    return true;
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error;
    say(`nothing is left to compute, and pending nodes may be left: ${error.message}`);
    await pause(END_AGAIN_MS, stop);
    return false;
  }
}

/** Lets go of tasks, where SLURM hears it: what was not done is seen in the next answer of the queue. */
async function lettingGo(fleet: Fleet, tasks: readonly string[], { unsettled }: Work, say: (line: string) => void): Promise<Fleet> {
  try {
    await cancelTasks(tasks);
    say(`let go of ${tasks.length} pending node${tasks.length === 1 ? '' : 's'}: ${unsettled} points are missing`);
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error;
    say(error.message);
  }
  return afterLettingGo(fleet, latestCall());
}

function failing(name: string): SluiceError {
  return new SluiceError('launch-failing', `${FAILURES_BEFORE_STOP} submissions in a row came to nothing; see the logs of the jobs called ${name}, then launch again`);
}

/** `say`, silent where the line is the one that it was last given. */
function unlessRepeated(say: (line: string) => void): (line: string) => void {
  let last = '';
  return (line) => {
    if (line !== last) say(line);
    last = line;
  };
}
