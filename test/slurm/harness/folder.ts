import { chmodSync, chownSync, copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync, lchownSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { basename, join, resolve } from 'node:path';
import { counter, groupFile, hostsFile, passwdFile, slurmConf } from './cluster-files.ts';
import { execute } from './execute.ts';
import { homeOf, NODES, USERS, type Plan, type UserName } from './plan.ts';

/** The checkout whose tests these are. */
export const CHECKOUT = resolve(import.meta.dirname, '..', '..', '..');

/** What of the checkout is mounted in the users' copy: packages, and a Redis that setup got. */
const MOUNTED = ['node_modules', '.cache'] as const;

/** What of the checkout the users do not get a copy of: it is mounted there, or nobody's business. */
const LEFT_OUT: ReadonlySet<string> = new Set([...MOUNTED, '.git', 'data']);

/** SLURM's commands that Sluice may call, all of which are counted. */
const COUNTED = ['squeue', 'sbatch', 'scancel', 'scontrol', 'sacct', 'sinfo'];

const SCRIPTS = ['login.sh', 'first.sh', 'node.sh'];

/** Writes everything that the cluster is made from into its folder, the users' homes and copy of the checkout included. */
export async function writeFolder(plan: Plan): Promise<void> {
  const folders = ['etc', 'ctld', 'munge', 'nodes', 'calls', 'bin', 'log', 'home', ...NODES.map((node) => `nodes/${node}`)];
  for (const folder of folders) mkdirSync(join(plan.folder, folder), { recursive: true, mode: 0o755 });
  const write = (name: string, text: string | Buffer, mode = 0o644): void => writeFileSync(join(plan.folder, name), text, { mode });
  write('slurm.conf', slurmConf(plan));
  write('etc/hosts', hostsFile());
  write('etc/passwd', passwdFile(readFileSync('/etc/passwd', 'utf8'), plan.homes));
  write('etc/group', groupFile(readFileSync('/etc/group', 'utf8')));
  write('etc/resolv.conf', '# nobody here knows a name server\n');
  write('munge/key', randomBytes(1_024), 0o600);
  for (const script of SCRIPTS) copyFileSync(join(import.meta.dirname, script), join(plan.folder, script));
  await writeCounters(plan);
  writeHomes(plan);
}

async function writeCounters(plan: Plan): Promise<void> {
  for (const program of COUNTED) {
    const real = (await execute(['sh', '-c', 'command -v "$0"', program])).trim();
    writeFileSync(join(plan.counters, program), counter(program, real, plan.calls), { mode: 0o755 });
  }
  writeFileSync(plan.calls, '', { mode: 0o666 });
  chmodSync(plan.calls, 0o666);
}

function writeHomes(plan: Plan): void {
  for (const user of Object.keys(USERS) as UserName[]) mkdirSync(homeOf(plan.homes, user), { mode: 0o700 });
  cpSync(CHECKOUT, plan.checkout, { recursive: true, filter: (path) => !(LEFT_OUT.has(basename(path)) && join(CHECKOUT, basename(path)) === path) });
  for (const folder of MOUNTED) mkdirSync(join(plan.checkout, folder));
  for (const user of Object.keys(USERS) as UserName[]) giveTo(homeOf(plan.homes, user), USERS[user]);
}

/** Makes `path` and all that is in it the user's. */
function giveTo(path: string, user: number): void {
  chownSync(path, user, user);
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const inner = join(path, entry.name);
    if (entry.isDirectory()) giveTo(inner, user);
    else lchownSync(inner, user, user);
  }
}
