import { join } from 'node:path';
import { attempt, execute } from './execute.ts';
import { notedPid, processesWith } from './seen-process.ts';
import type { End } from '../../system/harness/command.ts';
import type { NodeName, Plan } from './plan.ts';

/** Where the processes are noted that hold the cluster's namespaces open. */
export const pidFiles = (plan: Plan) => ({
  /** The login host: its network, host name and mounts. */
  login: join(plan.folder, 'login.pid'),
  /** The first process of the daemons' pid namespace, in which the nodes' are, too. */
  daemons: join(plan.folder, 'daemons.pid'),
  /** The first process of a node. */
  node: (node: NodeName) => join(plan.folder, 'nodes', node, 'first.pid'),
});

/** The command that runs another in the login host, as root; its process remains the one that was started. */
export function inLogin(plan: Plan, command: readonly string[]): string[] {
  const login = pidOrThrow(pidFiles(plan).login, 'the login host');
  return ['nsenter', '-t', String(login), '-m', '-u', '-i', '-n', '--', ...command];
}

/** The command that runs another among the daemons: it dies with the cluster. */
export function amongDaemons(plan: Plan, command: readonly string[]): string[] {
  const daemons = pidOrThrow(pidFiles(plan).daemons, 'the first of the daemons');
  return ['nsenter', '-t', String(daemons), '-m', '-u', '-i', '-n', '-p', '--', ...command];
}

/** The command that runs another in a node, as root. */
export function inNode(plan: Plan, node: NodeName, command: readonly string[]): string[] {
  return ['nsenter', '-t', String(firstOf(plan, node)), '-m', '-u', '-i', '-n', '-p', '--', ...command];
}

/** The first process of a node, by its number in the whole machine; throws where the node is off. */
export function firstOf(plan: Plan, node: NodeName): number {
  return pidOrThrow(pidFiles(plan).node(node), node);
}

/** Ends programs called `name` in the pid namespace of `first`, and resolves when they are gone; false where there was none. */
export async function killNamed(first: number, name: string): Promise<boolean> {
  const found = processesWith(first).filter(({ program }) => program === name);
  for (const { pid } of found) await attempt(['kill', '-KILL', String(pid)]);
  while (processesWith(first).some(({ program }) => program === name)) await new Promise((resolve) => void setTimeout(resolve, 10));
  return found.length > 0;
}

/** Runs a program of SLURM's in the login host as root, and returns what it prints. */
export async function slurm(plan: Plan, ...command: string[]): Promise<string> {
  return await execute(inLogin(plan, command), { SLURM_CONF: plan.slurmConf });
}

/** The same, however it ends. */
export async function trySlurm(plan: Plan, ...command: string[]): Promise<End> {
  return await attempt(inLogin(plan, command), { SLURM_CONF: plan.slurmConf });
}

function pidOrThrow(file: string, what: string): number {
  const pid = notedPid(file);
  if (pid === undefined) throw new Error(`${what} is not up (${file})`);
  return pid;
}
