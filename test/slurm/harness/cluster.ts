import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { processesIn, sendSignal } from '../../system/harness/processes.ts';
import { until } from '../../system/harness/until.ts';
import { execute } from './execute.ts';
import { CHECKOUT, writeFolder } from './folder.ts';
import { meetNeeds } from './needs.ts';
import { startNode } from './node.ts';
import { amongDaemons, killNamed, pidFiles, slurm } from './places.ts';
import { LOGIN_ADDRESS, NODES, OUTSIDE_ADDRESS, planCluster, type Plan } from './plan.ts';
import { childrenOf, notedPid, notePid } from './seen-process.ts';
import { untilTold } from './until-told.ts';

/** Where the logs of a cluster that was taken down stay, until the next one of its number is. */
const LAST_LOGS = '.last-logs';

/** A cluster that is up: it goes down when this process ends, however it does. */
export interface RunningCluster {
  readonly plan: Plan;
  /** Takes it down. */
  down(): Promise<void>;
}

/**
 * Brings up cluster `id`: a login host and three nodes, all idle. What an earlier cluster of this number left is taken
 * down first; one whose owner still lives is left alone, and this throws.
 */
export async function upCluster(id: number): Promise<RunningCluster> {
  await meetNeeds();
  const plan = planCluster(id);
  const owner = notedPid(join(plan.folder, 'owner.pid'));
  if (owner !== undefined) throw new Error(`cluster ${id} is up, of process ${owner}; give this one another number: SLUICE_CLUSTER=${id + 1}`);
  await downCluster(id);
  await writeFolder(plan);
  notePid(join(plan.folder, 'owner.pid'), process.pid);
  try {
    await startLogin(plan);
    await startDaemons(plan);
    await Promise.all(NODES.map((node) => startNode(plan, node)));
    await untilTold('all nodes are idle', async () => (await idleNodes(plan)) === NODES.length);
  } catch (error) {
    await downCluster(id);
    throw new Error(`cannot bring up the cluster; see ${plan.folder}${LAST_LOGS}`, { cause: error });
  }
  return { plan, down: async () => await downCluster(id) };
}

/** Ends every process of cluster `id` and removes its folder, but for the logs; harmless where there is none. */
export async function downCluster(id: number): Promise<void> {
  const plan = planCluster(id);
  const files = pidFiles(plan);
  // The daemons' first process takes the nodes with it; the login host would else begin to take down what is going down.
  for (const file of [files.login, files.daemons]) {
    const pid = notedPid(file);
    if (pid !== undefined && pid !== process.pid) sendSignal(pid, 'SIGKILL');
  }
  await until('no process of the cluster is left', () => {
    const left = processesIn(plan.folder);
    for (const { pid } of left) sendSignal(pid, 'SIGKILL');
    return left.length === 0 && notedPid(files.daemons) === undefined;
  });
  if (existsSync(plan.logs)) {
    rmSync(`${plan.folder}${LAST_LOGS}`, { recursive: true, force: true });
    renameSync(plan.logs, `${plan.folder}${LAST_LOGS}`);
  }
  rmSync(plan.folder, { recursive: true, force: true, maxRetries: 5 });
}

/** SLURM's controller, started where it does not run. */
export async function startController(plan: Plan): Promise<void> {
  await execute(amongDaemons(plan, ['slurmctld']), { SLURM_CONF: plan.slurmConf });
}

/** SIGKILLs SLURM's controller; its state is on disk. */
export async function killController(plan: Plan): Promise<void> {
  await killNamed(notedPid(pidFiles(plan).daemons) ?? 0, 'slurmctld');
}

async function startLogin(plan: Plan): Promise<void> {
  const main = join(import.meta.dirname, 'main.ts');
  const script = [join(plan.folder, 'login.sh'), plan.folder, plan.checkout, CHECKOUT, LOGIN_ADDRESS, OUTSIDE_ADDRESS];
  const command = ['--net', '--uts', '--ipc', '--mount', 'bash', ...script, process.execPath, main, 'down', String(plan.id)];
  const log = openSync(join(plan.logs, 'login.log'), 'a');
  const outside = openSync('/proc/self/ns/mnt', 'r');
  const environment = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' };
  const login = spawn('unshare', command, { cwd: '/', detached: true, env: environment, stdio: ['pipe', log, log, outside] });
  closeSync(log);
  closeSync(outside);
  login.unref();
  notePid(pidFiles(plan).login, login.pid ?? 0);
  await until(`the login host has started (see ${plan.logs}/login.log)`, () => existsSync(join(plan.folder, 'daemons.ready')) && existsSync(join(plan.folder, 'login.ready')));
  const [unsharing = 0] = childrenOf(login.pid ?? 0).filter((pid) => childrenOf(pid).length > 0);
  const [first = 0] = childrenOf(unsharing);
  notePid(pidFiles(plan).daemons, first);
}

async function startDaemons(plan: Plan): Promise<void> {
  const munge = join(plan.folder, 'munge');
  const files = [`--key-file=${munge}/key`, `--socket=${munge}/socket`, `--pid-file=${munge}/pid`, `--seed-file=${munge}/seed`];
  await execute(amongDaemons(plan, ['munged', ...files, `--log-file=${plan.logs}/munged.log`, '--num-threads=4']));
  await startController(plan);
}

async function idleNodes(plan: Plan): Promise<number> {
  const states = await slurm(plan, 'sinfo', '--noheader', '--Node', '--partition=batch', '--format=%t');
  return states.split('\n').filter((state) => state.trim() === 'idle').length;
}
