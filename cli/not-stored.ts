import type { Entry } from '../wire/entry.ts';
import { readStored } from './read-stored.ts';

/** Keys asked for at once. */
const CHUNK_KEYS = 1_000;

/** How many of the rows among `entries`, which were brought in, `table` does not have: the database did not take them. */
export function notStored(data: string, table: string, entries: readonly Entry[]): number {
  const keys = entries.flatMap((entry) => (entry.kind === 'row' ? [entry.key] : []));
  if (keys.length === 0) return 0;
  return readStored(data, (store) => {
    let lacking = 0;
    for (let at = 0; at < keys.length; at += CHUNK_KEYS) {
      const chunk = keys.slice(at, at + CHUNK_KEYS);
      lacking += store === undefined ? chunk.length : store.recorded(table, chunk).filter((recorded) => recorded !== 'stored').length;
    }
    return lacking;
  });
}
