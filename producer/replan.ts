import { planOf } from '../experiment/plan.ts';
import { parseSpec } from '../experiment/spec.ts';
import type { Broker } from '../runtime/broker.ts';
import type { Log } from '../runtime/log.ts';
import { isStill } from '../runtime/queue.ts';
import { registerTable } from '../runtime/registration.ts';
import { openStoreIfPresent, type Store } from '../store/store.ts';
import type { TableInfo } from '../store/tables.ts';
import { takeCensus } from './census.ts';
import { offer } from './produce.ts';

export interface ReplanRequest {
  readonly broker: Broker;
  /** The data folder. */
  readonly data: string;
  readonly waiting: number;
  readonly attempts: number;
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** Queues again what the database asks for and nobody has in hand. */
export interface Replanner {
  /**
   * Looks at every table that has no job and no entry on its way: a Redis that came back empty is so filled again, and
   * an `enqueue` that was cut off is completed.
   */
  replan(): Promise<void>;
}

/** A replanner that remembers which tables were found complete, and counts them no more while nothing asks for points. */
export function openReplanner(request: ReplanRequest): Replanner {
  const complete = new Map<string, string>();
  const replanTable = async (store: Store, table: TableInfo): Promise<void> => {
    const asked = JSON.stringify([table.specs, store.counts(table.name).failed]);
    if (complete.get(table.name) === asked || !(await isStill(request.broker, table.name))) return;
    const points = planOf(table.specs.map((spec) => parseSpec(JSON.parse(spec), { directory: '/' })));
    if (takeCensus(points, table.experiment, table.name, store).missing === 0) {
      complete.set(table.name, asked);
      return;
    }
    await registerTable(request.broker, table.name, table.definition);
    const filled = await offer({ ...request, table: table.name, definition: table.definition, points, store });
    request.log.info({ table: table.name, points: filled.added }, 'points without a job were queued again');
  };
  return {
    replan: async () => {
      using held = new DisposableStack();
      const store = openStoreIfPresent(request.data);
      held.defer(() => store?.close());
      for (const name of store?.tables() ?? []) {
        const table = store?.table(name);
        if (store !== undefined && table !== undefined && table.specs.length > 0 && !request.signal.aborted) await replanTable(store, table);
      }
    },
  };
}
