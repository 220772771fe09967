import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Column } from './column.ts';
import type { Cell } from './database.ts';
import { exportFile } from './export-file.ts';
import { doublesOf, scalarOf } from './row-reader.ts';
import type { Store } from './store.ts';

/** Characters gathered before they go to the stream: rows of three columns would else cost a write each. */
const CHUNK_CHARACTERS = 64 * 1024;

/**
 * One cell as CSV text that reads back as the same value: numbers in ECMAScript's shortest round-trip form
 * (`Infinity`, `-Infinity`), text quoted where RFC 4180 asks for it, booleans as `true` and `false`, null as
 * nothing, the empty text as `""`, and a vector that is kept whole as a JSON list (NaN and infinities in it
 * as null, which is all that JSON has for them).
 */
export function csvCell(cell: Cell, column: Column | undefined): string {
  if (cell instanceof Uint8Array) return quotedText(JSON.stringify([...doublesOf(cell)]));
  const value = scalarOf(cell, column);
  if (value === null) return '';
  return typeof value === 'string' ? csvText(value) : String(value);
}

/** Text as RFC 4180 wants it; the empty text is quoted to tell it from null. */
function csvText(text: string): string {
  return text === '' || /[",\r\n]/.test(text) ? quotedText(text) : text;
}

function quotedText(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

/**
 * The CSV of `table` in pieces of some 64 kB: a header of the columns in their order, then the rows by their
 * parameters; lines end with LF. A table without rows has no lines at all.
 */
export function* csvChunks(store: Store, table: string): Generator<string> {
  const columns = store.table(table)?.columns ?? [];
  if (columns.length === 0) return;
  let chunk = `${columns.map(({ name }) => csvText(name)).join(',')}\n`;
  for (const { cells, columns: current } of store.cells(table)) {
    // A row that comes while we write may have added columns behind those of the header.
    const line = columns.map((_, position) => csvCell(cells[position] ?? null, current[position]));
    chunk += `${line.join(',')}\n`;
    if (chunk.length < CHUNK_CHARACTERS) continue;
    yield chunk;
    chunk = '';
  }
  yield chunk;
}

/**
 * Writes the CSV of `table` to `output`, as fast as that takes it, and leaves it open; rejects where it fails
 * or closes.
 */
export async function writeCsv(store: Store, table: string, output: Writable): Promise<void> {
  await pipeline(csvChunks(store, table), output, { end: false });
}

/** Writes the CSV of `table` to the file `path`, as exportFile does. */
export async function exportCsv(store: Store, table: string, path: string): Promise<void> {
  await exportFile(path, csvChunks(store, table));
}
