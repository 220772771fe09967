import { planOf } from '../experiment/plan.ts';
import { parseSpec } from '../experiment/spec.ts';
import type { Broker } from '../runtime/broker.ts';
import { messageOf } from '../runtime/errors.ts';
import type { Log } from '../runtime/log.ts';
import { isStill } from '../runtime/queue.ts';
import { settledWithin } from '../runtime/wait.ts';
import { openStoreIfPresent, type Store } from '../store/store.ts';
import type { TableInfo } from '../store/tables.ts';
import { readCancels } from './cancellation.ts';
import { takeCensus } from './census.ts';
import type { Candidates } from './fill.ts';
import { offer } from './produce.ts';

/** Time that fillings have to end once they are to stop; with Redis away they may never. */
const END_MS = 5_000;

export interface ReplanRequest {
  readonly broker: Broker;
  /** The data folder. */
  readonly data: string;
  readonly waiting: number;
  readonly attempts: number;
  /** Ends the fillings. */
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** Queues again what the database asks for and nobody has in hand; its disposal waits for stopped fillings. */
export interface Replanner extends AsyncDisposable {
  /**
   * Looks at every table that has no job and no entry on its way: a Redis that came back empty is so filled again, and
   * an `enqueue` that was cut off is completed. Begins the fillings and does not wait for them: a large table holds up
   * no other.
   */
  replan(): Promise<void>;
}

/** A replanner that remembers which tables were found complete, and counts them no more while nothing asks for points. */
export function openReplanner(request: ReplanRequest): Replanner {
  const complete = new Map<string, string>();
  const fillings = new Map<string, Promise<void>>();
  const replanTable = async (store: Store, name: string): Promise<void> => {
    // In this order: a cancel enters the stream before it is counted, so what is not seen here the filling sees.
    const cancels = await readCancels(request.broker, name);
    if (fillings.has(name) || !(await isStill(request.broker, name))) return;
    const table = store.table(name);
    if (table === undefined || table.specs.length === 0) return;
    const asked = JSON.stringify([table.specs, store.counts(name).failed]);
    if (complete.get(name) === asked) return;
    const points = planOf(table.specs.map((spec) => parseSpec(JSON.parse(spec), { directory: '/' })));
    if (takeCensus(points, table.experiment, name, store).missing === 0) return void complete.set(name, asked);
    const filling = fill(request, table, points, cancels).catch((error: unknown) => {
      request.log.warn({ table: name, reason: messageOf(error) }, 'a table could not be filled; trying again');
    });
    fillings.set(name, filling.finally(() => fillings.delete(name)));
  };
  return {
    replan: async () => {
      using held = new DisposableStack();
      const store = openStoreIfPresent(request.data);
      held.defer(() => store?.close());
      for (const name of store?.tables() ?? []) {
        if (store !== undefined && !request.signal.aborted) await replanTable(store, name);
      }
    },
    [Symbol.asyncDispose]: async () => void (await settledWithin(Promise.all(fillings.values()), END_MS)),
  };
}

/** Offers the table's points, over a connection to the database of its own: it may outlive the look that began it. */
async function fill(request: ReplanRequest, table: TableInfo, points: Candidates, cancels: number): Promise<void> {
  using held = new DisposableStack();
  const store = openStoreIfPresent(request.data);
  held.defer(() => store?.close());
  const filled = await offer({ ...request, table: table.name, definition: table.definition, points, store, cancels });
  request.log.info({ table: table.name, points: filled.added }, 'points without a job were queued again');
}
