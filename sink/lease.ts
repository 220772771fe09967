import { hostname } from 'node:os';
import { z } from 'zod';
import type { Broker } from '../runtime/broker.ts';
import { SluiceError } from '../runtime/errors.ts';
import { HEARTBEAT_LIFE_MS, HEARTBEAT_MS } from '../runtime/limits.ts';

const leaseSchema = z.object({ database: z.string(), host: z.string(), pid: z.int() });

/** The sink that serves a broker: whose database its rows go to. */
export type SinkLease = z.infer<typeof leaseSchema>;

/** Sets the lease, or prolongs it, where it is free, is ours or is the one that may be replaced; else returns it. */
const CLAIM = `
local held = redis.call('GET', KEYS[1])
if held and held ~= ARGV[1] and held ~= ARGV[2] then return held end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[3])
return false`;

/** Deletes the lease where it is ours. */
const GIVE_BACK = "if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end";

/**
 * Takes and keeps the broker's sink lease, so that the rows of one stream never part into two databases; calls `onLost`
 * once where another sink has it nevertheless, after a time in which ours could not be renewed.
 *
 * A lease of the same database on this host is taken over at once: its holder is dead, as we hold the lock on the
 * database. On another host the same path may be another database. Throws SluiceError `other-sink`.
 */
export async function takeLease(
  broker: Broker,
  database: string,
  onLost: (error: SluiceError) => void,
): Promise<{ close(): Promise<void> }> {
  const lease: SinkLease = { database, host: hostname(), pid: process.pid };
  const text = JSON.stringify(lease);
  const key = broker.names.sinkLease;
  const claim = async (replaceable = ''): Promise<string | null> =>
    (await broker.redis.eval(CLAIM, 1, key, text, replaceable, HEARTBEAT_LIFE_MS)) as string | null;
  let other = await claim();
  if (other !== null && isPredecessor(parseLease(other), lease)) other = await claim(other);
  if (other !== null) throw otherSink(parseLease(other));
  const renew = async (): Promise<void> => {
    const taken = await claim();
    if (taken === null) return;
    clearInterval(timer);
    onLost(lostTo(parseLease(taken)));
  };
  // With Redis away it cannot be renewed; when Redis is back it is, unless another has it by then.
  const timer = setInterval(() => void renew().catch(() => {}), HEARTBEAT_MS);
  return {
    close: async () => {
      clearInterval(timer);
      await broker.redis.eval(GIVE_BACK, 1, key, text);
    },
  };
}

/** The lease that is held at the moment, if one is. */
export async function readLease(broker: Broker): Promise<SinkLease | undefined> {
  const text = await broker.redis.get(broker.names.sinkLease);
  return text === null ? undefined : parseLease(text);
}

function parseLease(text: string): SinkLease {
  return leaseSchema.parse(JSON.parse(text));
}

function isPredecessor(one: SinkLease, ours: SinkLease): boolean {
  return one.database === ours.database && one.host === ours.host;
}

function otherSink({ database, host, pid }: SinkLease): SluiceError {
  return new SluiceError(
    'other-sink',
    `this Redis is served by the sink of another database, ${database} (process ${pid} on ${host}); ` +
      `stop that one, or set another namespace. A dead one's lease ends after ${HEARTBEAT_LIFE_MS / 1000} s`,
  );
}

function lostTo({ database, host, pid }: SinkLease): SluiceError {
  return new SluiceError(
    'lease-lost',
    `another sink (process ${pid} on ${host}) has taken over this Redis, and commits its rows to ${database}; ` +
      'this one has stopped',
  );
}
