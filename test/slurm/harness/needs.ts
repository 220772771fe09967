import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { execute, attempt } from './execute.ts';

/** Programs that a cluster is made of, and Debian's packages that have them. */
const PROGRAMS: Readonly<Record<string, string>> = {
  sbatch: 'slurm-client',
  slurmctld: 'slurmctld',
  slurmd: 'slurmd',
  munged: 'munge',
  iptables: 'iptables',
  ip: 'iproute2',
  nsenter: 'util-linux',
  setpriv: 'util-linux',
};

/** What keeps Debian from starting the services that it installs. */
const POLICY = '/usr/sbin/policy-rc.d';

const INSTALL_MS = 280_000;

/**
 * Resolves when this machine can have a cluster: as root, with SLURM (installed by apt-get where it is missing, its
 * services not started) and a kernel that gives namespaces. Otherwise throws with the one line that says what is missing.
 */
export async function meetNeeds(): Promise<void> {
  if (process.platform !== 'linux') throw new Error('the SLURM tests need Linux: they make a cluster of namespaces');
  if (process.getuid?.() !== 0) throw new Error('the SLURM tests need root: they make a cluster of network namespaces (type: sudo npm run test:slurm)');
  const missing = await missingPackages();
  if (missing.length > 0) await install(missing);
  await tryNamespaces();
}

/** The packages whose programs are not there. */
async function missingPackages(): Promise<string[]> {
  const found = await Promise.all(
    Object.keys(PROGRAMS).map(async (program) => (await attempt(['sh', '-c', 'command -v "$0"', program])).code === 0),
  );
  return [...new Set(Object.values(PROGRAMS).filter((_, index) => !found[index]))];
}

async function install(packages: readonly string[]): Promise<void> {
  const needed = `the SLURM tests need Debian's packages ${packages.join(' ')}`;
  if ((await attempt(['apt-get', '--version'])).code !== 0) throw new Error(`${needed}, and there is no apt-get here to install them`);
  const ownPolicy = !existsSync(POLICY);
  if (ownPolicy) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  const quietly = ['apt-get', '-qq', '-o', 'DPkg::Lock::Timeout=120'];
  const installing = [...quietly, 'install', '-y', '--no-install-recommends', ...packages];
  try {
    const environment = { DEBIAN_FRONTEND: 'noninteractive' };
    if ((await attempt(installing, environment, INSTALL_MS)).code === 0) return;
    await execute([...quietly, 'update'], environment, INSTALL_MS);
    await execute(installing, environment, INSTALL_MS);
  } catch (error) {
    throw new Error(`${needed}; type: apt-get install ${packages.join(' ')}`, { cause: error });
  } finally {
    if (ownPolicy) rmSync(POLICY);
  }
}

async function tryNamespaces(): Promise<void> {
  const tried = await attempt(['unshare', '--net', '--uts', '--ipc', '--mount', '--pid', '--fork', 'ip', 'link', 'add', 'probe', 'type', 'bridge']);
  if (tried.code === 0) return;
  throw new Error(`the SLURM tests need a kernel that gives root namespaces and bridges, and this one does not: ${tried.stderr.trim()}`);
}
