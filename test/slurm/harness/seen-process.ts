import { readFileSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';

/** Notes process `pid` in a file, with its start, so that no later process of the same number is taken for it. */
export function notePid(file: string, pid: number): void {
  writeFileSync(file, `${pid} ${startOf(pid) ?? 'gone'}\n`);
}

/** The noted process, where it still lives. */
export function notedPid(file: string): number | undefined {
  const [pid, start] = readOr(file, '').trim().split(' ');
  const seen = pid === undefined || pid === '' ? undefined : startOf(Number(pid));
  return seen !== undefined && seen === start ? Number(pid) : undefined;
}

/** Forgets the noted process. */
export function forgetPid(file: string): void {
  rmSync(file, { force: true });
}

/** The living processes whose parent is `parent`. */
export function childrenOf(parent: number): number[] {
  return livingPids().filter((pid) => statOf(pid)?.[1] === String(parent));
}

/** The living processes in the pid namespace whose first process is `first`, with the name of their program. */
export function processesWith(first: number): { readonly pid: number; readonly program: string }[] {
  const space = namespaceOf(first);
  return livingPids()
    .filter((pid) => space !== undefined && namespaceOf(pid) === space)
    .map((pid) => ({ pid, program: readOr(`/proc/${pid}/comm`, '').trim() }));
}

function livingPids(): number[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).filter((pid) => startOf(pid) !== undefined);
}

/** When the process started, in ticks since the machine did; undefined where it is gone or a zombie. */
function startOf(pid: number): string | undefined {
  const stat = statOf(pid);
  return stat === undefined || stat[0] === 'Z' ? undefined : stat[19];
}

/** State, parent and what follows in /proc/PID/stat. */
function statOf(pid: number): string[] | undefined {
  return readOr(`/proc/${pid}/stat`, '').split(') ').at(-1)?.trim().split(' ');
}

function namespaceOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return undefined; // it is gone
  }
}

function readOr(file: string, instead: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return instead;
  }
}
