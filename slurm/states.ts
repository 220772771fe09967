/** What a state of SLURM means to Sluice; how a task came to be over makes no difference, since points tell what is left. */
export const SLURM_STATES = ['pending', 'running', 'ending', 'over', 'unknown'] as const;
export type SlurmState = (typeof SLURM_STATES)[number];

/** Every state and flag that squeue's manual documents, 22.05 to 25.x: compact name, long name, meaning. */
const STATES: readonly (readonly [compact: string, long: string, meaning: SlurmState])[] = [
  ['BF', 'BOOT_FAIL', 'over'],
  ['CA', 'CANCELLED', 'over'],
  ['CD', 'COMPLETED', 'over'],
  ['CF', 'CONFIGURING', 'pending'],
  ['CG', 'COMPLETING', 'ending'],
  ['DL', 'DEADLINE', 'over'],
  ['EX', 'EXPEDITING', 'pending'],
  ['F', 'FAILED', 'over'],
  ['LF', 'LAUNCH_FAILED', 'over'],
  ['NF', 'NODE_FAIL', 'over'],
  ['OOM', 'OUT_OF_MEMORY', 'over'],
  ['PD', 'PENDING', 'pending'],
  ['PO', 'POWER_UP_NODE', 'pending'],
  ['PR', 'PREEMPTED', 'over'],
  ['R', 'RUNNING', 'running'],
  ['RD', 'RESV_DEL_HOLD', 'pending'],
  ['RF', 'REQUEUE_FED', 'pending'],
  ['RH', 'REQUEUE_HOLD', 'pending'],
  ['RQ', 'REQUEUED', 'pending'],
  ['RS', 'RESIZING', 'running'],
  ['RV', 'REVOKED', 'over'],
  ['SE', 'SPECIAL_EXIT', 'pending'],
  ['SI', 'SIGNALING', 'running'],
  ['SO', 'STAGE_OUT', 'ending'],
  ['ST', 'STOPPED', 'running'],
  ['S', 'SUSPENDED', 'running'],
  ['TO', 'TIMEOUT', 'over'],
  ['UP', 'UPDATE_DB', 'unknown'],
];

/** Where a state comes with flags, the first of these that is among them tells the most. */
const RANK: readonly SlurmState[] = ['ending', 'pending', 'running', 'over'];

const MEANINGS: ReadonlyMap<string, SlurmState> = new Map(STATES.flatMap(([compact, long, meaning]) => [[compact, meaning], [long, meaning]] as const));

/**
 * The meaning of a state as SLURM prints it: compact or long, with flags (`RUNNING+COMPLETING`, `CANCELLED by 1000`);
 * `unknown` for whatever is in no manual.
 */
export function slurmState(printed: string): SlurmState {
  const words = printed.trim().toUpperCase().split(/[+,\s]+/);
  const meanings = words.map((word) => MEANINGS.get(word));
  return RANK.find((one) => meanings.includes(one)) ?? 'unknown';
}
