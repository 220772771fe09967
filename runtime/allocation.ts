/** What SLURM lends a process, as far as it tells. */
export interface Allocation {
  /** The job, as squeue prints it: `123_4` of an array, `123`; null outside SLURM. */
  readonly job: string | null;
  /** When it ends, milliseconds since 1970; null where that is not known. */
  readonly endsAtMs: number | null;
}

/** Outside SLURM. */
export const NO_ALLOCATION: Allocation = { job: null, endsAtMs: null };

/** The allocation that `environment` tells of; SLURM_JOB_END_TIME is in seconds since 1970. */
export function allocationOf(environment: Readonly<Record<string, string | undefined>>): Allocation {
  const { SLURM_ARRAY_JOB_ID: array, SLURM_ARRAY_TASK_ID: task, SLURM_JOB_ID: job, SLURM_JOB_END_TIME: end } = environment;
  return {
    job: array !== undefined && task !== undefined ? `${array}_${task}` : (job ?? null),
    endsAtMs: end !== undefined && /^[1-9]\d{0,11}$/.test(end) ? Number(end) * 1000 : null,
  };
}
