import type { Broker } from '../runtime/broker.ts';

/** How often the plan of `table` was cancelled since Redis was last empty: a filling that sees it grow ends. */
export async function readCancels(broker: Broker, table: string): Promise<number> {
  return Number((await broker.redis.hget(broker.names.cancels, table)) ?? 0);
}

/**
 * Counts one more cancel of `table`, which ends the fillings of its queue. To be called after the cancel was put into
 * the stream, so that nobody begins to fill it by the old plan, and before the waiting jobs are taken out.
 */
export async function countCancel(broker: Broker, table: string): Promise<void> {
  await broker.redis.hincrby(broker.names.cancels, table, 1);
}
