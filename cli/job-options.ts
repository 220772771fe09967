/** What every command that submits a job can be told of it: flags and descriptions. */
export const JOB_OPTIONS = [
  ['--constraint <features>', 'features of the nodes'],
  ['--sbatch <option...>', 'further option of sbatch, as in --sbatch=--qos=high; may be repeated'],
  ['--dry-run', 'show the batch script and submit nothing'],
] as const;
