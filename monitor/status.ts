import type { Broker } from '../runtime/broker.ts';
import { readPresences, type SeenConsumer } from '../runtime/presence.ts';
import { countJobs, openQueue } from '../runtime/queue.ts';
import type { Store } from '../store/store.ts';

/** How a table stands. */
export interface TableStatus {
  readonly table: string;
  readonly experiment: string | null;
  /** Points that the table's specs ask for. */
  readonly points: number;
  readonly waiting: number;
  readonly active: number;
  readonly failed: number;
  readonly stored: number;
  /** Entries of the table that the database could not take, ever; they stay until someone deletes them. */
  readonly deadLetters: number;
  /** Entries of all tables on their way to the database. */
  readonly streamEntries: number;
  /** Whether a broker answered; without one nothing is waiting or active. */
  readonly broker: boolean;
  /** Those that tell of themselves, and those of the last hour that were lost. */
  readonly consumers: readonly SeenConsumer[];
}

/** The standing of `table`, counted in the database and, where there is one, in the broker. */
export async function tableStatus(table: string, points: number, store: Store | undefined, broker: Broker | undefined): Promise<TableStatus> {
  const { stored, failed } = store?.counts(table) ?? { stored: 0, failed: 0 };
  const deadLetters = store?.deadLetterCount(table) ?? 0;
  const queued = broker === undefined ? { waiting: 0, active: 0, streamEntries: 0, consumers: [] } : await inBroker(table, broker);
  const experiment = store?.table(table)?.experiment ?? null;
  return { table, experiment, points, stored, failed, deadLetters, ...queued, broker: broker !== undefined };
}

async function inBroker(table: string, broker: Broker) {
  const queue = openQueue(broker, table);
  try {
    const { waiting, active } = await countJobs(queue);
    const streamEntries = await broker.redis.xlen(broker.names.stream);
    return { waiting, active, streamEntries, consumers: await readPresences(broker) };
  } finally {
    await queue.close();
  }
}
