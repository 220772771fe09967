import { readFileSync, readdirSync, readlinkSync, existsSync } from 'node:fs';

/** Whether this system tells of its processes in /proc; where it does not, none are seen. */
export const HAS_PROC = existsSync('/proc/self/environ');

/** State of a connection in /proc/net/tcp. */
const ESTABLISHED = '01';

/** A process of this machine. */
export interface SeenProcess {
  readonly pid: number;
  readonly parent: number;
  /** Its program and arguments, joined with spaces. */
  readonly command: string;
}

/**
 * The living processes that belong to `folder`: they run in it, or a variable of their environment names it. All that a
 * command starts inherits one or the other.
 */
export function processesIn(folder: string): SeenProcess[] {
  if (!HAS_PROC) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid && isLiving(pid) && belongs(pid, folder))
    .map((pid) => ({ pid, parent: Number(statOf(pid)[1]), command: contentOf(pid, 'cmdline').replaceAll('\0', ' ').trim() }));
}

/** Whether the process `pid` has a TCP connection to `port` of this machine, answered or not. */
export function isConnected(pid: number, port: number): boolean {
  const connections = readFileSync('/proc/net/tcp', 'utf8').split('\n').map((line) => line.trim().split(/\s+/));
  const far = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const sockets = connections.filter(([, , remote, state]) => remote?.endsWith(far) && state === ESTABLISHED).map((fields) => `socket:[${fields[9]}]`);
  return readdirSync(`/proc/${pid}/fd`).some((descriptor) => sockets.includes(linkOf(pid, `fd/${descriptor}`)));
}

/** Sends `signal` to the process; one that is gone is none the worse for it. */
export function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function belongs(pid: number, folder: string): boolean {
  return isWithin(linkOf(pid, 'cwd'), folder) || contentOf(pid, 'environ').includes(`=${folder}`);
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

/** A zombie has ended, and waits for its parent to ask how. */
function isLiving(pid: number): boolean {
  const state = statOf(pid)[0];
  return state !== undefined && state !== 'Z';
}

/** State, parent and what follows in /proc/PID/stat. */
function statOf(pid: number): string[] {
  return contentOf(pid, 'stat').split(') ').at(-1)?.split(' ') ?? [];
}

function contentOf(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return ''; // it is gone, or another user's
  }
}

function linkOf(pid: number, name: string): string {
  try {
    return readlinkSync(`/proc/${pid}/${name}`);
  } catch {
    return '';
  }
}
