/**
 * The signals that SLURM, a terminal or a supervisor sends to a whole allocation. What they mean is the
 * consumer's to decide: processes of ours ignore them, and a program that one of them ends has not failed by
 * itself.
 */
export const CONSUMER_SIGNALS: readonly NodeJS.Signals[] = [
  'SIGINT',
  'SIGTERM',
  'SIGHUP',
  'SIGUSR1',
  'SIGUSR2',
];
