/** What a state of SLURM means to Sluice. */
export const SLURM_STATES = ['pending', 'running', 'ending', 'gone-ok', 'failed', 'preempted', 'unknown'] as const;
export type SlurmState = (typeof SLURM_STATES)[number];

/** Every state and flag that squeue's manual documents, 22.05 to 25.x: compact name, long name, meaning. */
const STATES: readonly (readonly [compact: string, long: string, meaning: SlurmState])[] = [
  ['BF', 'BOOT_FAIL', 'failed'],
  ['CA', 'CANCELLED', 'gone-ok'],
  ['CD', 'COMPLETED', 'gone-ok'],
  ['CF', 'CONFIGURING', 'pending'],
  ['CG', 'COMPLETING', 'ending'],
  ['DL', 'DEADLINE', 'failed'],
  ['EX', 'EXPEDITING', 'pending'],
  ['F', 'FAILED', 'failed'],
  ['LF', 'LAUNCH_FAILED', 'failed'],
  ['NF', 'NODE_FAIL', 'preempted'],
  ['OOM', 'OUT_OF_MEMORY', 'failed'],
  ['PD', 'PENDING', 'pending'],
  ['PO', 'POWER_UP_NODE', 'pending'],
  ['PR', 'PREEMPTED', 'preempted'],
  ['R', 'RUNNING', 'running'],
  ['RD', 'RESV_DEL_HOLD', 'pending'],
  ['RF', 'REQUEUE_FED', 'pending'],
  ['RH', 'REQUEUE_HOLD', 'pending'],
  ['RQ', 'REQUEUED', 'pending'],
  ['RS', 'RESIZING', 'running'],
  ['RV', 'REVOKED', 'gone-ok'],
  ['SE', 'SPECIAL_EXIT', 'pending'],
  ['SI', 'SIGNALING', 'running'],
  ['SO', 'STAGE_OUT', 'ending'],
  ['ST', 'STOPPED', 'running'],
  ['S', 'SUSPENDED', 'running'],
  ['TO', 'TIMEOUT', 'gone-ok'],
  ['UP', 'UPDATE_DB', 'unknown'],
];

/** Where a state comes with flags, the first of these that is among them tells the most. */
const RANK: readonly SlurmState[] = ['preempted', 'failed', 'ending', 'pending', 'running', 'gone-ok'];

const MEANINGS: ReadonlyMap<string, SlurmState> = new Map(STATES.flatMap(([compact, long, meaning]) => [[compact, meaning], [long, meaning]] as const));

/**
 * The meaning of a state as SLURM prints it: compact or long, with flags (`RUNNING+COMPLETING`, `CANCELLED by 1000`);
 * `unknown` for whatever is in no manual. A lost node counts as preempted: the job comes again.
 */
export function slurmState(printed: string): SlurmState {
  const words = printed.trim().toUpperCase().split(/[+,\s]+/);
  const meanings = words.map((word) => MEANINGS.get(word));
  return RANK.find((one) => meanings.includes(one)) ?? 'unknown';
}
