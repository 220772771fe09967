import { hostname } from 'node:os';
import type { NamedBroker, SinkFact } from '../monitor/facts.ts';
import type { Broker } from '../runtime/broker.ts';
import type { FoundBroker } from '../runtime/broker-file.ts';
import { readLease } from '../sink/lease.ts';
import { readOldestMs } from '../sink/oldest.ts';

/** The sink of `broker`, and what waits for it; the stream is full above `limitBytes`. */
export async function sinkOf(broker: Broker, limitBytes: number): Promise<SinkFact> {
  const bytes = (await broker.redis.memory('USAGE', broker.names.stream)) ?? 0;
  return { isUp: (await readLease(broker)) !== undefined, oldestMs: await readOldestMs(broker), isFull: bytes > limitBytes };
}

/** By what a broker is named, and who keeps it up. */
export function namedBy({ path, file }: FoundBroker): NamedBroker {
  const elsewhere = file === undefined || file.host === hostname() ? null : file.host;
  return { by: path ?? 'the URL given', elsewhere, job: file?.job ?? null };
}
