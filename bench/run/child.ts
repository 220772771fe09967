import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';

/** Longest a measured process may take; it is killed then. */
const CHILD_TIMEOUT_MS = 15 * 60_000;

/** The unit of /proc's CPU times, whatever the kernel was built with. */
const TICKS_PER_SECOND = 100;

/** Position of utime in /proc/PID/stat, counted from after the name in parentheses; stime, cutime and cstime follow. */
const UTIME_FIELD = 11;
const CUTIME_FIELD = UTIME_FIELD + 2;

/** Fields of /proc/stat's first line that count a busy machine: not idle, iowait, and guests (in user). */
const BUSY_FIELDS = [1, 2, 3, 6, 7, 8];

/** What a child process and its own took, in seconds. */
export interface ChildTimes {
  /** From before its start to after its end. */
  readonly wallSeconds: number;
  /** CPU time, user and system, of the child and of all processes that it waited for; null off Linux. */
  readonly cpuSeconds: number | null;
  /** CPU time that everything else on the machine took meanwhile, stolen time included; null off Linux. */
  readonly othersCpuSeconds: number | null;
}

/** What a child process printed and took. */
export interface ChildRun extends ChildTimes {
  readonly stdout: string;
}

/**
 * Runs a command to its end, which must be exit code 0, with `environment` and nothing else; standard error
 * is ours. Only one may run at a time, for CPU time is that of all children.
 */
export async function runChild(
  command: string,
  args: readonly string[],
  { cwd, environment }: { cwd: string; environment: NodeJS.ProcessEnv },
): Promise<ChildRun> {
  const [ownBefore, machineBefore, start] = [childrenCpu(), machineCpu(), performance.now()];
  const child = spawn(command, args, {
    cwd,
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: CHILD_TIMEOUT_MS,
    killSignal: 'SIGKILL',
  });
  const ended = new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code === null ? `${signal}` : `exit code ${code}`));
  });
  const [how, stdout] = await Promise.all([ended, text(child.stdout)]);
  if (how !== 'exit code 0') throw new Error(`${[command, ...args].join(' ')} ended with ${how}`);
  const wallSeconds = (performance.now() - start) / 1000;
  const cpuSeconds = difference(childrenCpu(), ownBefore);
  const busySeconds = difference(machineCpu(), machineBefore);
  const othersCpuSeconds = difference(busySeconds, cpuSeconds);
  return { stdout, wallSeconds, cpuSeconds, othersCpuSeconds };
}

function difference(later: number | null, earlier: number | null): number | null {
  return later === null || earlier === null ? null : Math.max(0, later - earlier);
}

/** CPU seconds of the children that have ended and been waited for, and of theirs; null off Linux. */
export function childrenCpu(): number | null {
  return statSeconds('self', [CUTIME_FIELD, CUTIME_FIELD + 1]);
}

/** CPU seconds of a process and of its ended children; null where it is gone. */
export function cpuOf(pid: number): number | null {
  return statSeconds(String(pid), [UTIME_FIELD, UTIME_FIELD + 1, CUTIME_FIELD, CUTIME_FIELD + 1]);
}

function statSeconds(process: string, positions: readonly number[]): number | null {
  const stat = readIfPresent(`/proc/${process}/stat`);
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields === undefined ? null : seconds(fields, positions);
}

/** CPU seconds of the whole machine since it started, stolen time included; null off Linux. */
export function machineCpu(): number | null {
  const fields = readIfPresent('/proc/stat')?.split('\n')[0]?.split(/\s+/);
  return fields === undefined ? null : seconds(fields, BUSY_FIELDS);
}

function seconds(fields: readonly string[], positions: readonly number[]): number {
  return positions.reduce((sum, position) => sum + Number(fields[position]), 0) / TICKS_PER_SECOND;
}

function readIfPresent(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
