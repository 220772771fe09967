import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { firstOf } from './places.ts';
import type { NodeName, Plan } from './plan.ts';
import { processesWith } from './seen-process.ts';

/** State of a connection in /proc/net/tcp. */
const ESTABLISHED = '01';

/** The consumers that run on a node, by their numbers in the whole machine. */
export function consumersIn(plan: Plan, node: NodeName): number[] {
  return processesWith(firstOf(plan, node)).map(({ pid }) => pid).filter((pid) => argumentsOf(pid)[1]?.endsWith('/dist/consumer.mjs') === true);
}

/** What a process was started with: its program and arguments. */
export function argumentsOf(pid: number): string[] {
  return contentOf(pid, 'cmdline').split('\0').slice(0, -1);
}

/** The environment that a process was started with, as `NAME=value`. */
export function environmentOf(pid: number): string[] {
  return contentOf(pid, 'environ').split('\0').slice(0, -1);
}

/** The files that a process has open or has mapped into its memory, sockets and pipes left out. */
export function openFilesOf(pid: number): string[] {
  const open = readdirSync(`/proc/${pid}/fd`).map((descriptor) => readlinkSync(`/proc/${pid}/fd/${descriptor}`));
  const mapped = contentOf(pid, 'maps').split('\n').map((line) => line.slice(line.indexOf('/')));
  return [...new Set([...open, ...mapped].filter((path) => path.startsWith('/')))];
}

/**
 * The memory that a process has to itself, with its share of what it shares with others, in MB: over several processes
 * these add up to what all take.
 */
export function megabytesOf(pid: number): number {
  return Number(/^Pss:\s+(\d+) kB$/m.exec(contentOf(pid, 'smaps_rollup'))?.[1]) / 1024;
}

/** The addresses to which processes of a node are connected by TCP, each once. */
export function peersOf(plan: Plan, node: NodeName): string[] {
  const lines = ['tcp', 'tcp6'].flatMap((table) => contentOf(firstOf(plan, node), `net/${table}`).split('\n').slice(1));
  const fields = lines.map((line) => line.trim().split(/\s+/)).filter(([, , , state]) => state === ESTABLISHED);
  return [...new Set(fields.map(([, , remote = '']) => addressIn(remote)))];
}

/** `0100A8C0:1F90` is 192.168.0.1, port 8080; an address of IPv6 that stands for one of IPv4 ends with it. */
function addressIn(remote: string): string {
  const [hex = ''] = remote.split(':');
  return (hex.slice(-8).match(/../g) ?? []).toReversed().map((byte) => Number.parseInt(byte, 16)).join('.');
}

function contentOf(pid: number, name: string): string {
  return readFileSync(`/proc/${pid}/${name}`, 'utf8');
}
