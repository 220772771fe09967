import type { TableStatus } from './status.ts';
import type { TaskFact } from './task-fact.ts';

/** What `explain` goes by; whatever could not be learned is null. */
export interface Facts {
  readonly nowMs: number;
  readonly standing: TableStatus;
  /** The broker that is named; null where none is. */
  readonly named: NamedBroker | null;
  /** Who commits the rows; null where no broker answers. */
  readonly sink: SinkFact | null;
  /** The failures of the table by message, most points first. */
  readonly failures: readonly FailureGroup[];
  /** The table's tasks in SLURM's queue; null where there is no SLURM, or it has never answered. */
  readonly tasks: readonly TaskFact[] | null;
  /** The job in SLURM's queue that keeps the broker up; null where there is none. */
  readonly brokerTask: TaskFact | null;
  /** Why SLURM told nothing newer. */
  readonly slurmTrouble: string | null;
  /** States of the nodes of lost consumers, in SLURM's words, by name. */
  readonly nodeStates: ReadonlyMap<string, string>;
  /** The file of a task's log; undefined where it is in a folder that is not known. */
  readonly logOf: (task: TaskFact) => string | undefined;
  /** The log that a consumer of the table was the last to write into; undefined where there is none. */
  readonly newestLog: string | undefined;
}

/** A broker that is named, whether it answers or not. */
export interface NamedBroker {
  /** The connection file or the setting that names it. */
  readonly by: string;
  /** The host that keeps it up, where that is another than this one. */
  readonly elsewhere: string | null;
  /** The SLURM job that keeps it up; null where a person does. */
  readonly job: string | null;
}

/** The sink of a broker, and what waits for it. */
export interface SinkFact {
  readonly isUp: boolean;
  /** How long the oldest entry has waited to be committed; 0 where none waits. */
  readonly oldestMs: number;
  /** Whether the stream holds as much as makes consumers wait. */
  readonly isFull: boolean;
}

/** Points that failed with the same message. */
export interface FailureGroup {
  readonly message: string;
  readonly count: number;
}

/** One cause: a stable code, a sentence, and what to type where something helps. */
export interface Reason {
  readonly code: string;
  readonly text: string;
  readonly type?: string;
}

/** What one cause looks like; no reason where it is not there. */
export type Rule = (facts: Facts) => Reason[];
