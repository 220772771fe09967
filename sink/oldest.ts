import type { Broker } from '../runtime/broker.ts';

/** The age of the first entry, whose id begins with the time in milliseconds; an entry itself may be large, and stays there. */
const OLDEST = `
local first = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)[1]
if not first then return 0 end
local now = redis.call('TIME')
return now[1] * 1000 + math.floor(now[2] / 1000) - tonumber(string.match(first[1], '^%d+'))`;

/** For how many milliseconds the oldest entry of the stream has waited to be committed, by Redis's clock; 0 where none waits. */
export async function readOldestMs(broker: Broker): Promise<number> {
  return Number(await broker.redis.eval(OLDEST, 1, broker.names.stream));
}
