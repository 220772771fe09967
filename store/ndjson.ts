import type { Column } from './column.ts';
import type { Cell } from './database.ts';
import { doublesOf, scalarOf } from './row-reader.ts';
import type { Store } from './store.ts';

/** Characters gathered before they go out, as for CSV. */
const CHUNK_CHARACTERS = 64 * 1024;

/**
 * The rows of `table` by their parameters, each a JSON object of the table's columns on a line, in pieces of some 64 kB.
 * Nothing, NaN and infinities are null, which is all that JSON has for them; a vector that is kept whole is a list.
 */
export function* ndjsonChunks(store: Store, table: string): Generator<string> {
  let chunk = '';
  for (const { cells, columns } of store.cells(table)) {
    const object = Object.fromEntries(columns.map((column, position) => [column.name, jsonOf(cells[position] ?? null, column)]));
    chunk += `${JSON.stringify(object)}\n`;
    if (chunk.length < CHUNK_CHARACTERS) continue;
    yield chunk;
    chunk = '';
  }
  yield chunk;
}

function jsonOf(cell: Cell, column: Column): unknown {
  return cell instanceof Uint8Array ? [...doublesOf(cell)] : scalarOf(cell, column);
}
