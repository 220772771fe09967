import { hostname } from 'node:os';
import { z } from 'zod';
import type { Broker } from '../runtime/broker.ts';
import { SluiceError } from '../runtime/errors.ts';
import { HEARTBEAT_LIFE_MS, HEARTBEAT_MS } from '../runtime/limits.ts';

const leaseSchema = z.object({ database: z.string(), host: z.string(), pid: z.int() });

/** The sink that serves a broker: whose database its rows go to. */
export type SinkLease = z.infer<typeof leaseSchema>;

/**
 * Takes and keeps the broker's sink lease, so that the rows of one stream never part into two databases.
 * A lease of the same database is taken over at once: its holder is dead, as we hold the lock on the database.
 */
export async function takeLease(broker: Broker, database: string): Promise<{ close(): Promise<void> }> {
  const lease: SinkLease = { database, host: hostname(), pid: process.pid };
  const text = JSON.stringify(lease);
  const key = broker.names.sinkLease;
  const other = await readLease(broker);
  if (other !== undefined && other.database !== database) {
    throw new SluiceError(
      'other-sink',
      `this Redis is served by the sink of another database, ${other.database} (process ${other.pid} on ${other.host}); ` +
        `stop that one, or set another namespace. A dead one's lease ends after ${HEARTBEAT_LIFE_MS / 1000} s`,
    );
  }
  const renew = (): Promise<unknown> => broker.redis.set(key, text, 'PX', HEARTBEAT_LIFE_MS);
  await renew();
  const timer = setInterval(() => void renew().catch(() => {}), HEARTBEAT_MS);
  return {
    close: async () => {
      clearInterval(timer);
      if ((await broker.redis.get(key)) === text) await broker.redis.del(key);
    },
  };
}

/** The lease that is held at the moment, if one is. */
export async function readLease(broker: Broker): Promise<SinkLease | undefined> {
  const text = await broker.redis.get(broker.names.sinkLease);
  return text === null ? undefined : leaseSchema.parse(JSON.parse(text));
}
