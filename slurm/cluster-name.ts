import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** Where SLURM's configuration is where SLURM_CONF does not say: of packages, as fetched from the controller, built from source. */
const PLACES = ['/etc/slurm/slurm.conf', '/run/slurm/conf/slurm.conf', '/etc/slurm-llnl/slurm.conf', '/opt/slurm/etc/slurm.conf', '/usr/local/etc/slurm.conf'];

/**
 * A word for the cluster that SLURM's commands ask in this environment, fit for a file's name: ClusterName of its
 * configuration, without a question to the controller, which may be away. Where that is not found it is the host's name:
 * then the hosts of one cluster have different words, but never two clusters the same.
 */
export function clusterName(environment: Readonly<Record<string, string | undefined>>): string {
  const { SLURM_CLUSTERS, SBATCH_CLUSTERS, SLURM_CONF, SLURM_CONF_SERVER } = environment;
  const files = SLURM_CONF === undefined ? PLACES : [SLURM_CONF];
  const configured = SLURM_CONF === undefined && SLURM_CONF_SERVER !== undefined ? SLURM_CONF_SERVER : firstNameIn(files);
  return (SLURM_CLUSTERS ?? SBATCH_CLUSTERS ?? configured ?? hostname()).replaceAll(/[^\w.-]/g, '_');
}

function firstNameIn(files: readonly string[]): string | undefined {
  for (const file of files) {
    const name = nameIn(file);
    if (name !== undefined) return name;
  }
  return undefined;
}

function nameIn(file: string): string | undefined {
  try {
    return /^\s*ClusterName\s*=\s*([^\s#]+)/im.exec(readFileSync(file, 'utf8'))?.[1];
  } catch {
    return undefined; // it is not there, or not for us
  }
}
