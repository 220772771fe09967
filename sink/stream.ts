import type { Redis } from 'ioredis';
import { ENTRY_FIELD, type Broker } from '../runtime/broker.ts';
import { SINK_GROUP } from '../wire/names.ts';

/** An entry as the stream holds it: undecoded. */
export interface StreamEntry {
  /** The stream's id of it. */
  readonly id: string;
  readonly bytes: Buffer;
}

/**
 * The one member of the consumer group. As the lock on the database lets one sink live at a time, a successor takes
 * the same name, and what its predecessor read and did not acknowledge is its own history, to be read again.
 */
const MEMBER = 'sink';

/** Longest wait in Redis for an entry, so that a stop is noticed. */
const BLOCK_MS = 500;

/** The row stream as its sink sees it. */
export interface EntryStream {
  /** Up to `count` entries: first what was read before and never acknowledged, then new ones; waits a while for them. */
  read(count: number): Promise<StreamEntry[]>;
  /** Acknowledges and deletes: only after the commit. */
  remove(ids: readonly string[]): Promise<void>;
  /** What was read and not removed is to be read again: after a fault, or a Redis that came back empty. */
  rewind(): Promise<void>;
}

/** The stream, read over `blocking` and acknowledged over the broker's own connection. */
export async function openStream(broker: Broker, blocking: Redis): Promise<EntryStream> {
  const { stream } = broker.names;
  // '0' asks for this member's own unacknowledged entries, '>' for new ones.
  let from: '0' | '>' = '0';
  const rewind = async (): Promise<void> => {
    from = '0';
    await createGroup(broker);
  };
  await rewind();
  return {
    read: async (count) => {
      const reply = await blocking.xreadgroupBuffer('GROUP', SINK_GROUP, MEMBER, 'COUNT', count, 'BLOCK', BLOCK_MS, 'STREAMS', stream, from);
      const entries = parseReply(reply);
      if (from === '0' && entries.length === 0) from = '>';
      return entries;
    },
    remove: async (ids) => {
      if (ids.length === 0) return;
      await broker.redis.multi().xack(stream, SINK_GROUP, ...ids).xdel(stream, ...ids).exec();
    },
    rewind,
  };
}

async function createGroup(broker: Broker): Promise<void> {
  try {
    await broker.redis.xgroup('CREATE', broker.names.stream, SINK_GROUP, '0', 'MKSTREAM');
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('BUSYGROUP'))) throw error;
  }
}

/** Entries of the one stream that was asked for; one whose field is missing has no bytes and ends as a dead letter. */
function parseReply(reply: unknown): StreamEntry[] {
  const streams = (reply ?? []) as [Buffer, [Buffer, Buffer[] | null][]][];
  return streams.flatMap(([, entries]) =>
    entries.map(([id, fields]) => ({ id: id.toString(), bytes: fieldOf(fields ?? []) })),
  );
}

function fieldOf(fields: readonly Buffer[]): Buffer {
  const at = fields.findIndex((field, index) => index % 2 === 0 && field.toString() === ENTRY_FIELD);
  return fields[at + 1] && at >= 0 ? fields[at + 1]! : Buffer.alloc(0);
}
