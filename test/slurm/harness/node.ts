import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, rmSync, closeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { sendSignal } from '../../system/harness/processes.ts';
import { until } from '../../system/harness/until.ts';
import { attempt, execute } from './execute.ts';
import { amongDaemons, firstOf, inLogin, inNode, killNamed, pidFiles, slurm, trySlurm } from './places.ts';
import { addressOf, hardwareAddressOf, type NodeName, type Plan } from './plan.ts';
import { childrenOf, notedPid, notePid, processesWith } from './seen-process.ts';
import { untilTold } from './until-told.ts';

/** A boot counts as one only when it is later, in whole seconds, than the node's last sign of life. */
const BOOT_MS = 1_100;

/** Longest wait for the end of all that ran on a node, and for its start. */
const OFF_MS = 90_000;

/** Longest wait for SLURM to see a node again that was cut off: it looks every now and then. */
const SERVES_MS = 180_000;

/** Starts what of the node is not running: its namespaces, its link and its slurmd. */
export async function startNode(plan: Plan, node: NodeName): Promise<void> {
  const file = pidFiles(plan).node(node);
  if (notedPid(file) !== undefined) return await startSlurmd(plan, node, []);
  const wasUp = existsSync(file);
  if (wasUp) await delay(BOOT_MS);
  notePid(file, await startFirst(plan, node));
  await plugIn(plan, node);
  // All nodes share the machine's uptime, so one that lost its power has to say that it is a boot: or SLURM goes on
  // believing in the jobs that it had.
  await startSlurmd(plan, node, wasUp ? ['-b'] : []);
}

/** Ends every process of the node at once, as a power cut does. */
export async function crashNode(plan: Plan, node: NodeName): Promise<void> {
  sendSignal(firstOf(plan, node), 'SIGKILL');
  // The kernel lets a first process end only after all others.
  await until(`${node} is off`, () => notedPid(pidFiles(plan).node(node)) === undefined, OFF_MS);
}

/** Starts what of the node is not running, and resolves when SLURM gives it jobs again: what an operator does. */
export async function bootNode(plan: Plan, node: NodeName): Promise<void> {
  await startNode(plan, node);
  await untilTold(`${node} serves again`, async () => {
    const state = await slurm(plan, 'sinfo', '--noheader', '--partition=batch', `--nodes=${node}`, '--format=%T %E');
    // SLURM keeps a node down that has rebooted without its leave.
    if (state.startsWith('down ') || state.startsWith('drain')) await trySlurm(plan, 'scontrol', 'update', `nodename=${node}`, 'state=resume');
    return /^(idle|mixed|allocated|completing) /.test(state);
  }, SERVES_MS);
}

/** SIGKILLs the node's slurmd; its jobs go on. */
export async function killSlurmd(plan: Plan, node: NodeName): Promise<void> {
  if (!(await killNamed(firstOf(plan, node), 'slurmd'))) throw new Error(`${node} has no slurmd to kill`);
}

/** Takes the node's cable out, or puts it in again. */
export async function setLink(plan: Plan, node: NodeName, state: 'up' | 'down'): Promise<void> {
  await execute(inLogin(plan, ['ip', 'link', 'set', node, state]));
}

/** Drops what goes between the node and a TCP port of others, without a word; or no longer. */
export async function setBlocked(plan: Plan, node: NodeName, port: number, blocked: boolean): Promise<void> {
  const verb = blocked ? '-A' : '-D';
  await execute(inNode(plan, node, ['iptables', verb, 'OUTPUT', '-p', 'tcp', '--dport', String(port), '-j', 'DROP']));
  await execute(inNode(plan, node, ['iptables', verb, 'INPUT', '-p', 'tcp', '--sport', String(port), '-j', 'DROP']));
}

/** Starts the first process of the node, and returns its number in the whole machine. */
async function startFirst(plan: Plan, node: NodeName): Promise<number> {
  const folder = join(plan.folder, 'nodes', node);
  mkdirSync(join(folder, 'spool'), { recursive: true });
  rmSync(join(folder, 'ready'), { force: true });
  const spaces = ['unshare', '--net', '--uts', '--ipc', '--pid', '--fork', '--kill-child', '--mount', '--mount-proc'];
  const [file = '', ...parameters] = amongDaemons(plan, [...spaces, 'bash', join(plan.folder, 'node.sh'), plan.folder, node]);
  const log = openSync(join(plan.logs, `${node}.log`), 'a');
  const entering = spawn(file, parameters, { cwd: '/', detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  entering.unref();
  await until(`${node} has started (see ${plan.logs}/${node}.log)`, () => existsSync(join(folder, 'ready')), OFF_MS);
  // nsenter waits for unshare, which waits for the first process.
  const [unsharing = 0] = childrenOf(entering.pid ?? 0);
  const [first] = childrenOf(unsharing);
  if (first === undefined) throw new Error(`${node} ended as soon as it had started; see ${plan.logs}/${node}.log`);
  return first;
}

/** Gives the node its one link, to the login host's bridge: an address, and no route but to its own network. */
async function plugIn(plan: Plan, node: NodeName): Promise<void> {
  const first = firstOf(plan, node);
  await attempt(inLogin(plan, ['ip', 'link', 'delete', node]));
  const peer = ['peer', 'name', 'eth0', 'address', hardwareAddressOf(node), 'netns', String(first)];
  await execute(inLogin(plan, ['ip', 'link', 'add', node, 'type', 'veth', ...peer]));
  await execute(inLogin(plan, ['ip', 'link', 'set', node, 'master', 'nodes', 'up']));
  await execute(inNode(plan, node, ['ip', 'address', 'add', `${addressOf(node)}/24`, 'dev', 'eth0']));
  await execute(inNode(plan, node, ['ip', 'link', 'set', 'eth0', 'up']));
}

async function startSlurmd(plan: Plan, node: NodeName, options: readonly string[]): Promise<void> {
  if (processesWith(firstOf(plan, node)).some(({ program }) => program === 'slurmd')) return;
  await execute(inNode(plan, node, ['slurmd', '-N', node, ...options]), { SLURM_CONF: plan.slurmConf });
}
