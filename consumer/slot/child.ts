import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import { pause, settledWithin } from '../../runtime/wait.ts';
import { CONSUMER_SIGNALS } from './consumer-signals.ts';
import type { End } from './crash.ts';
import { logPrinted } from './printed.ts';
import type { RunnerOptions } from './start-runner.ts';

/** Time that the last output of a dead child has to arrive. */
export const LAST_OUTPUT_MS = 500;

/**
 * Time that a signal to a whole allocation has to reach the consumer too, before the point is charged with it. Less than
 * LAST_OUTPUT_MS, after which a closed stream is a failure by itself.
 */
const SHARED_SIGNAL_MS = 400;

/** Ends that such a signal may have been the cause of: by it, or by the code that a shell makes of it. */
const SHARED_ENDS: ReadonlySet<string> = new Set(
  CONSUMER_SIGNALS.flatMap((signal) => [`signal ${signal}`, `exit code ${128 + constants.signals[signal]}`]),
);

/** A child process that leads a process group of its own, watched over. */
export interface Supervised {
  /** Resolves, once its whole group is killed and its output read, with how it ended. */
  readonly ended: Promise<End>;
  /** Sends `signal` to its group, where there still is one. */
  kill(signal: NodeJS.Signals): void;
  /** Called where a point begins: the last words of an end are those printed since. */
  beginPoint(): void;
}

/** Which of a child's streams are logged; a crash quotes standard error. */
export interface LoggedStreams {
  readonly stdout?: Readable | null;
  readonly stderr: Readable | null;
}

/**
 * Watches over `child`, started with `detached`: its group ends with it and with us, and `streams` go to the
 * log.
 */
export function supervise(
  child: ChildProcess,
  streams: LoggedStreams,
  experiment: string,
  { log, guard }: RunnerOptions,
): Supervised {
  const { pid } = child;
  let endedByUs = false;
  let gone = false;
  const fields = { experiment, process: pid };
  if (streams.stdout) logPrinted(streams.stdout, log, { ...fields, stream: 'stdout' });
  const complaints = streams.stderr && logPrinted(streams.stderr, log, { ...fields, stream: 'stderr' });
  const closed = once(child, 'close');
  if (pid !== undefined) guard.watch(pid);

  const watch = async (): Promise<End> => {
    const end = await endOf(child);
    killGroup(child, 'SIGKILL'); // what it started and left behind
    gone = true; // from here on its number may be another's
    await settledWithin(closed, LAST_OUTPUT_MS);
    if (pid !== undefined) guard.forget(pid);
    if (!endedByUs && SHARED_ENDS.has(end.how)) await pause(SHARED_SIGNAL_MS);
    return { ...end, lastWords: complaints?.lastLines() };
  };
  const kill = (signal: NodeJS.Signals): void => {
    endedByUs = true;
    if (!gone) killGroup(child, signal);
  };
  return { ended: watch(), kill, beginPoint: () => complaints?.forget() };
}

async function endOf(child: ChildProcess): Promise<End> {
  return await new Promise((resolve) => {
    child.on('exit', (code, signal) =>
      resolve(signal === null ? { how: `exit code ${code}` } : { how: `signal ${signal}`, signal }),
    );
    child.on('error', (error) => {
      if (child.pid === undefined) resolve({ how: error.message });
    });
  });
}

function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    child.kill(signal); // no such group: it is gone, or the platform has none
  }
}
