import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { until } from '../harness/until.ts';

/** Whether this system tells of its processes in /proc; where it does not, nothing is counted. */
export const HAS_PROC = existsSync('/proc/self/environ');

/** Time that processes have to end by themselves, which takes them milliseconds, on a busy machine. */
const LEAVE_MS = 20_000;

/** A mark that this process's children, and theirs, inherit in their environment. */
export function markChildren(): string {
  const mark = `SLOT_TEST_${randomUUID().replaceAll('-', '')}`;
  process.env[mark] = '1';
  return mark;
}

/** Processes that carry the mark, and children of this process: none of a closed pool's may be left. */
export function processesOf(mark: string): number[] {
  if (!HAS_PROC) return [];
  const numbers = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  return numbers.filter((pid) => isMarked(pid, mark) || isGuardOf(pid, process.pid));
}

/** Resolves once no process carries the mark and this process has no guard: seconds at most. */
export async function expectNone(mark: string): Promise<void> {
  try {
    await until('no process is left', () => processesOf(mark).length === 0, LEAVE_MS);
  } finally {
    for (const pid of processesOf(mark)) process.kill(pid, 'SIGKILL'); // a failed test leaves nothing behind either
  }
}

/** Threads of this process that run JavaScript of their own. */
export function threadCount(): number {
  if (!HAS_PROC) return 0;
  return readdirSync('/proc/self/task').filter((id) =>
    fileOf(process.pid, `task/${id}/comm`).startsWith('WorkerThread'),
  ).length;
}

function isMarked(pid: number, mark: string): boolean {
  return fileOf(pid, 'environ').includes(mark) && fileOf(pid, 'stat').split(') ')[1]?.[0] !== 'Z';
}

function isGuardOf(pid: number, parent: number): boolean {
  return fileOf(pid, 'stat').split(' ')[3] === String(parent) && fileOf(pid, 'cmdline').startsWith('/bin/sh');
}

function fileOf(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return ''; // it is gone, or another user's
  }
}
