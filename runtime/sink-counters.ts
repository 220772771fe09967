import { z } from 'zod';
import type { Broker } from './broker.ts';
import { COMMIT_SECONDS, POINT_SECONDS, type Bounds } from './histogram.ts';
import { HEARTBEAT_LIFE_MS } from './limits.ts';

const histogramOf = (bounds: Bounds) => z.object({ counts: z.array(z.int().nonnegative()).length(bounds.length + 1), sum: z.number() });

const tableCountersSchema = z.object({
  rows: z.int().nonnegative(),
  failures: z.int().nonnegative(),
  /** Bytes of the entries that named the table. */
  bytes: z.int().nonnegative(),
  /** Of the transactions that changed the table; one that changed several is counted for each. */
  commitSeconds: histogramOf(COMMIT_SECONDS),
  /** Of the rows stored, as their consumers measured. */
  pointSeconds: histogramOf(POINT_SECONDS),
  lastCommitMs: z.number(),
});

const sinkCountersSchema = z.object({
  /** When the sink started, by its own clock: all is counted since then. */
  startedAtMs: z.number(),
  tables: z.record(z.string(), tableCountersSchema),
});

/** What a sink has done to a table since it started. */
export type TableCounters = z.infer<typeof tableCountersSchema>;

/** The same for all its tables. */
export type SinkCounters = z.infer<typeof sinkCountersSchema>;

/** Tells what the sink has done; it is forgotten when that has not been told for as long as a sink's lease lives. */
export async function publishSinkCounters(broker: Broker, counters: SinkCounters): Promise<void> {
  await broker.redis.set(broker.names.sinkCounters, JSON.stringify(counters), 'PX', HEARTBEAT_LIFE_MS);
}

/** What the broker's sink has told last; undefined where none has, or one of another version. */
export async function readSinkCounters(broker: Broker): Promise<SinkCounters | undefined> {
  const text = await broker.redis.get(broker.names.sinkCounters);
  return text === null ? undefined : sinkCountersSchema.safeParse(JSON.parse(text)).data;
}
