import type { Redis } from 'ioredis';
import { encodeEntry, type Entry } from '../wire/entry.ts';
import { namesFor, type Names } from '../wire/names.ts';
import type { FoundBroker } from './broker-file.ts';
import { connectRedis, disconnect } from './redis-connection.ts';
import type { RedisAddress } from './redis-address.ts';

/** A broker that was reached: the connection for commands that answer at once, shared by a whole process. */
export interface Broker extends AsyncDisposable {
  readonly redis: Redis;
  readonly names: Names;
  readonly address: RedisAddress;
}

/** Reaches the broker, or throws a SluiceError of one line. */
export async function connectBroker(found: FoundBroker): Promise<Broker> {
  const redis = await connectRedis(found.address, found.advice);
  return {
    redis,
    names: namesFor(found.namespace),
    address: found.address,
    [Symbol.asyncDispose]: async () => disconnect(redis),
  };
}

/** Field of a stream entry that holds its bytes. */
export const ENTRY_FIELD = 'e';

/** Appends an entry to the stream; resolves with its id once Redis has it. */
export async function append(broker: Broker, entry: Entry): Promise<void> {
  await broker.redis.xadd(broker.names.stream, '*', ENTRY_FIELD, encodeEntry(entry));
}
