import type { Broker } from '../runtime/broker.ts';
import { readPresences, type SeenConsumer } from '../runtime/presence.ts';
import { countTableJobs } from '../runtime/queue.ts';
import type { Store } from '../store/store.ts';

/** How a table stands in the database. */
export interface StoredStatus {
  /** The experiment whose rows it holds; null before its plan is committed. */
  readonly experiment: string | null;
  /** Points that the table's specs ask for. */
  readonly points: number;
  readonly stored: number;
  readonly failed: number;
  /** Entries of the table that the database could not take, ever; they stay until someone deletes them. */
  readonly deadLetters: number;
}

/** How a table stands in the broker. */
export interface QueuedStatus {
  readonly waiting: number;
  /** Those of them that wait to be tried again. */
  readonly delayed: number;
  readonly active: number;
  /** Entries of all tables on their way to the database. */
  readonly streamEntries: number;
  /** Whether a broker answered; without one nothing is waiting or active. */
  readonly broker: boolean;
  /** Those that tell of themselves, and those of the last hour that were lost. */
  readonly consumers: readonly SeenConsumer[];
}

/** How a table stands. */
export interface TableStatus extends StoredStatus, QueuedStatus {
  readonly table: string;
}

/** What there is in a broker that does not answer. */
export const NOTHING_QUEUED: QueuedStatus = { waiting: 0, delayed: 0, active: 0, streamEntries: 0, broker: false, consumers: [] };

/** Counts `table`, for which `points` are planned, in the database, where there is one. */
export function storedStatus(store: Store | undefined, table: string, points: number): StoredStatus {
  const { stored, failed } = store?.counts(table) ?? { stored: 0, failed: 0 };
  return { experiment: store?.table(table)?.experiment ?? null, points, stored, failed, deadLetters: store?.deadLetterCount(table) ?? 0 };
}

/** Counts `table` in the broker: a few commands, however many points there are. */
export async function queuedStatus(broker: Broker, table: string): Promise<QueuedStatus> {
  const counts = await countTableJobs(broker, table);
  const streamEntries = await broker.redis.xlen(broker.names.stream);
  return { ...counts, streamEntries, broker: true, consumers: await readPresences(broker) };
}
