/** An array task of SLURM, or a job that is no array, as its queue tells of it. */
export interface TaskFact {
  /** As squeue prints it: `123_4`, `123`. */
  readonly id: string;
  /** The job's name. */
  readonly name: string;
  /** `pending`, `running`, `ending`, `over`; `unknown` where SLURM says something new. */
  readonly state: string;
  /** SLURM's own word for why it waits, as `Resources`; empty where there is none. */
  readonly reason: string;
  /** When it started or is expected to, milliseconds since 1970; null where SLURM does not know. */
  readonly startsAtMs: number | null;
  readonly node: string | null;
}

/** Tasks that wait for the same reason. */
export interface PendingGroup {
  readonly reason: string;
  readonly count: number;
  /** The earliest start that SLURM expects among them; null where it expects none. */
  readonly startsAtMs: number | null;
}

/** The pending ones of `tasks` by reason, most tasks first. */
export function pendingGroups(tasks: readonly TaskFact[]): PendingGroup[] {
  const pending = tasks.filter(({ state }) => state === 'pending');
  const groups = [...Map.groupBy(pending, ({ reason }) => reason)].map(([reason, group]) => {
    const earliest = Math.min(...group.map(({ startsAtMs }) => startsAtMs ?? Infinity));
    return { reason, count: group.length, startsAtMs: Number.isFinite(earliest) ? earliest : null };
  });
  return groups.sort((a, b) => b.count - a.count);
}

/** The end of a sentence that has more to tell in a log; empty where that is not known. */
export function seeLog(log: string | undefined): string {
  return log === undefined ? '' : `; see ${log}`;
}
