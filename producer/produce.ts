import { append, type Broker } from '../runtime/broker.ts';
import { mistake } from '../runtime/errors.ts';
import { openQueue } from '../runtime/queue.ts';
import { refuseOtherExperiment, registerTable } from '../runtime/registration.ts';
import type { Store } from '../store/store.ts';
import type { Definition } from '../wire/definition.ts';
import { readCancels } from './cancellation.ts';
import { fillQueue, type Candidates, type Filled } from './fill.ts';

/** A table's points to offer, and what computes them. */
export interface Request {
  readonly broker: Broker;
  readonly table: string;
  readonly definition: Definition;
  readonly points: Candidates;
  /** The database, where there is one yet: what it has recorded is not queued. */
  readonly store: Store | undefined;
  readonly waiting: number;
  readonly attempts: number;
  readonly signal?: AbortSignal | undefined;
  /** What readCancels gave before the points were asked for; read now where absent. */
  readonly cancels?: number | undefined;
}

/**
 * Puts a spec into the plan of its table: consumers learn what to compute, the sink what was asked for. It precedes the
 * spec's jobs, so that no row reaches the database before its table. Refuses a table of another experiment.
 */
export async function plan(broker: Broker, table: string, definition: Definition, spec: string, store: Store | undefined): Promise<void> {
  const stored = store?.table(table);
  if (stored !== undefined) refuseOtherExperiment(table, stored.experiment, definition.name);
  refuseOtherCase(table, store?.tables() ?? []);
  await registerTable(broker, table, definition);
  await append(broker, { kind: 'plan', table, definition, spec });
}

/** Throws where another table's name differs in case alone: to SQLite the two are one. */
function refuseOtherCase(table: string, tables: readonly string[]): void {
  const other = tables.find((name) => name !== table && name.toLowerCase() === table.toLowerCase());
  if (other === undefined) return;
  throw mistake('bad-table-name', `table ${table} differs from the table ${other} in case alone; choose another name`);
}

/**
 * Queues those of the points that are neither recorded nor queued, and sees to it that consumers know their table.
 * Ends early where the table is cancelled.
 */
export async function offer(request: Request): Promise<Filled> {
  const { broker, table, definition, store } = request;
  const cancelsBefore = request.cancels ?? (await readCancels(broker, table));
  await registerTable(broker, table, definition);
  const queue = openQueue(broker, table);
  // A Redis that came back empty counts from 0 again: fewer cancels than before are none.
  const isCancelled = async (): Promise<boolean> => (await readCancels(broker, table)) > cancelsBefore;
  const recorded = (keys: readonly string[]) => store?.recorded(table, keys) ?? keys.map(() => undefined);
  try {
    return await fillQueue({ ...request, redis: broker.redis, queue, experiment: definition.name, recorded, isCancelled });
  } finally {
    await queue.close();
  }
}
