import { append, type Broker } from '../runtime/broker.ts';
import { lockForWriting } from '../store/lock.ts';
import { openWriter } from '../store/writer.ts';
import { encodeEntry, type Entry } from '../wire/entry.ts';

/** Brings an entry into the database: by the broker's sink where a broker is up, else as the only writer for a moment. */
export async function record(entry: Entry, data: string, broker: Broker | undefined): Promise<void> {
  if (broker !== undefined) return await append(broker, entry);
  using held = new DisposableStack();
  held.adopt(lockForWriting(data), (lock) => lock.release());
  const writer = held.adopt(openWriter(data), (open) => open.close());
  writer.apply([{ id: 'command', bytes: encodeEntry(entry) }]);
}
