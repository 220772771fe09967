/** Seconds of work that a node is worth asking for: its start, by SLURM and on the node, takes some of them. */
export const WORTH_A_NODE_SECONDS = 60;

/** What a point is taken to need before one was measured: a round of a node's CPUs is then worth the node. */
export const UNKNOWN_POINT_SECONDS = WORTH_A_NODE_SECONDS;

/** Nodes in all, as a multiple of those that the work is worth, beyond which waiting ones are let go: estimates sway. */
const SURPLUS = 2;

/** Wait after a submission that failed; it doubles with every further one in a row. */
const FIRST_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 600_000;

/** Submissions that failed in a row after which nothing more is submitted: a person has to look. */
export const FAILURES_BEFORE_STOP = 5;

/** The work of a table, as far as nodes matter to it. */
export interface Work {
  /** Points that wait in the queue or are being computed. */
  readonly missing: number;
  /**
   * Points of the plan that are not settled, at least `missing`: more while a plan is filled into the queue, where that was
   * broken off, and where a broker came back empty. Nodes are asked for those in the queue alone.
   */
  readonly unsettled: number;
  /** Whether every point that was planned is settled, or the plan was cancelled. */
  readonly isOver: boolean;
  /** What a point takes; null before one was measured. */
  readonly secondsPerPoint: number | null;
  readonly cpusPerNode: number;
}

/** The nodes that SLURM's queue tells of. */
export interface Nodes {
  /** Tasks that wait for a node, the latest last. */
  readonly pending: readonly string[];
  readonly running: number;
}

/** What a decision rests on. Times in milliseconds on one clock. */
export interface Situation {
  readonly nowMs: number;
  readonly work: Work;
  /** Undefined where what is known of the queue is older than what was last done. */
  readonly nodes: Nodes | undefined;
  readonly min: number;
  readonly max: number;
  /** Submissions in a row that failed. */
  readonly failures: number;
  readonly lastFailureMs: number;
}

export type Decision =
  | { readonly do: 'submit'; readonly nodes: number }
  | { readonly do: 'let-go'; readonly tasks: readonly string[] }
  | { readonly do: 'wait' }
  | { readonly do: 'give-up' }
  | { readonly do: 'end' };

/** What to do now: at most one submission or one cancellation; never beyond `max` nodes, at least `min` while there is work. */
export function decide(situation: Situation): Decision {
  const { work, nodes, max, failures } = situation;
  if (work.isOver) return { do: 'end' };
  if (nodes === undefined) return { do: 'wait' };
  const have = nodes.pending.length + nodes.running;
  const wanted = wantedNodes(situation);
  const kept = wantedNodes({ ...situation, work: { ...work, missing: work.unsettled } });
  // A node that runs leaves by itself when it is idle; only what waits is let go, the latest first.
  if (nodes.pending.length > 0 && have > Math.min(max, SURPLUS * kept)) return { do: 'let-go', tasks: nodes.pending.slice(-(have - kept)) };
  if (have >= wanted) return { do: 'wait' };
  if (failures >= FAILURES_BEFORE_STOP) return { do: 'give-up' };
  if (situation.nowMs < situation.lastFailureMs + waitAfter(failures)) return { do: 'wait' };
  return { do: 'submit', nodes: wanted - have };
}

/** Nodes that the missing points are worth. */
export function wantedNodes({ work, min, max }: Pick<Situation, 'work' | 'min' | 'max'>): number {
  const { missing, secondsPerPoint, cpusPerNode } = work;
  if (missing === 0) return 0;
  const nodeSeconds = (missing * (secondsPerPoint ?? UNKNOWN_POINT_SECONDS)) / cpusPerNode;
  // More nodes than rounds of points would have CPUs without any.
  const useful = Math.min(Math.ceil(missing / cpusPerNode), Math.ceil(nodeSeconds / WORTH_A_NODE_SECONDS));
  return Math.min(max, Math.max(min, 1, useful));
}

/** Milliseconds to wait after so many failures in a row. */
export function waitAfter(failures: number): number {
  return failures === 0 ? 0 : Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failures - 1));
}
