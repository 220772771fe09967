/** Variables of SLURM that say which cluster is meant; all others that begin so tell of the job that we may be in. */
const CLUSTER = ['SLURM_CONF', 'SLURM_CONF_SERVER', 'SLURM_CLUSTERS', 'SLURM_JWT'];

/**
 * The environment for SLURM's commands, of which sbatch keeps a copy and gives it to the job: without the URL of a Redis,
 * which may hold a password, without the path of cloud credentials, which no consumer needs, and without what describes
 * the job that we may be in ourselves, which a job that we submit would take for its own.
 */
export function slurmEnvironment(environment: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
  const kept = Object.entries(environment).filter(([name]) => {
    if (name === 'REDIS_URL' || name === 'GOOGLE_APPLICATION_CREDENTIALS') return false;
    return !name.startsWith('SLURM_') || CLUSTER.includes(name);
  });
  return Object.fromEntries(kept);
}
