import { maySee } from './sbatch-variables.ts';

/** Variables of SLURM that say which cluster is meant; all others that begin so tell of the job that we may be in. */
const CLUSTER = ['SLURM_CONF', 'SLURM_CONF_SERVER', 'SLURM_CLUSTERS', 'SLURM_JWT'];

/** Variables that would filter or shape the answers of SLURM's commands, or keep scancel from some jobs. */
const OF_QUESTIONS = /^(SQUEUE|SCANCEL|SINFO|SCONTROL)_/;

/**
 * The environment for SLURM's commands, of which sbatch keeps a copy and gives it to the job: without the URL of a Redis,
 * which may hold a password, without the path of cloud credentials, which no consumer needs, and without what describes
 * the job that we may be in ourselves, which a job that we submit would take for its own. With `script`, for the sbatch
 * that reads it: without variables that would override its lines. The cluster of SBATCH_CLUSTERS is that of all commands,
 * or they would not find what was submitted there.
 */
export function slurmEnvironment(environment: Readonly<Record<string, string | undefined>>, script = ''): Record<string, string | undefined> {
  const kept = Object.entries(environment).filter(([name]) => {
    if (name === 'REDIS_URL' || name === 'GOOGLE_APPLICATION_CREDENTIALS' || name === 'SBATCH_CLUSTERS') return false;
    if (OF_QUESTIONS.test(name) || !maySee(name, script)) return false;
    return !name.startsWith('SLURM_') || CLUSTER.includes(name);
  });
  const clusters = environment['SLURM_CLUSTERS'] ?? environment['SBATCH_CLUSTERS'];
  return { ...Object.fromEntries(kept), ...(clusters === undefined ? {} : { SLURM_CLUSTERS: clusters }) };
}
