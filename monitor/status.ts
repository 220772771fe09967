import type { Broker } from '../runtime/broker.ts';
import { readPresences, type SeenConsumer } from '../runtime/presence.ts';
import { countTableJobs } from '../runtime/queue.ts';
import type { Store } from '../store/store.ts';
import { duration } from './progress.ts';

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
  /** Where its rows are copied to, if anywhere. */
  readonly uploads: readonly UploadStatus[];
}

/** How the copy of a table stands. */
export interface UploadStatus {
  /** PROJECT.DATASET. */
  readonly target: string;
  readonly uploaded: number;
  /** Stored rows that are not there yet. */
  readonly behind: number;
  /** Why it does not go on, if it does not, and when it is tried again (milliseconds since 1970). */
  readonly error: string | null;
  readonly nextTryAtMs: number | null;
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
  return { experiment: store?.table(table)?.experiment ?? null, points, stored, failed, deadLetters: store?.deadLetterCount(table) ?? 0, uploads: uploadsOf(store, table) };
}

function uploadsOf(store: Store | undefined, table: string): UploadStatus[] {
  const outbox = store?.outbox(table);
  return (outbox?.targets() ?? []).map((target) => {
    const { stored, behind, error, nextTryAtMs } = outbox!.standing(target);
    return { target, uploaded: stored - behind, behind, error: behind === 0 ? null : error, nextTryAtMs: behind === 0 ? null : nextTryAtMs };
  });
}

/** The same for a person, a line a target. */
export function uploadLines({ uploads }: Pick<StoredStatus, 'uploads'>, nowMs: number): string[] {
  return uploads.map((upload) => {
    const { target, uploaded, behind, error } = upload;
    return `BigQuery ${target}: ${uploaded} rows there, ${behind === 0 ? 'complete' : `${behind} behind`}${error === null ? '' : `; ${error}${nextTryText(upload, nowMs)}`}`;
  });
}

/** `; next try in 20 s`; nothing where none is waited for. */
export function nextTryText({ nextTryAtMs }: Pick<UploadStatus, 'nextTryAtMs'>, nowMs: number): string {
  if (nextTryAtMs === null) return '';
  const waitSeconds = Math.max(0, Math.ceil((nextTryAtMs - nowMs) / 1000));
  return `; next try ${waitSeconds === 0 ? 'now' : `in ${duration(waitSeconds)}`}`;
}

/** Counts `table` in the broker: a few commands, however many points there are. */
export async function queuedStatus(broker: Broker, table: string): Promise<QueuedStatus> {
  const counts = await countTableJobs(broker, table);
  const streamEntries = await broker.redis.xlen(broker.names.stream);
  return { ...counts, streamEntries, broker: true, consumers: await readPresences(broker) };
}
