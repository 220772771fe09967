import { randomBytes } from 'node:crypto';
import { createWriteStream, statSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { SluiceError, messageOf } from '../runtime/errors.ts';
import type { Column } from './column.ts';
import type { Cell } from './database.ts';
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

/**
 * Writes the CSV of `table` to the file `path`, which appears whole and durable or not at all; a device or a
 * pipe that stands there is written to, not replaced.
 *
 * Throws SluiceError `cannot-export` where the file cannot be written.
 */
export async function exportCsv(store: Store, table: string, path: string): Promise<void> {
  if (isSpecial(path)) return await writeInto(store, table, path);
  const beside = `${path}.${randomBytes(4).toString('hex')}.part`;
  try {
    const file = await open(beside, 'wx');
    try {
      for (const chunk of csvChunks(store, table)) await file.writeFile(chunk);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
    await syncDirectory(dirname(path));
  } catch (thrown) {
    await rm(beside, { force: true });
    throw cannotExport(path, thrown);
  }
}

/** Whether something that is no regular file, such as /dev/stdout or a pipe, stands at `path`. */
function isSpecial(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found !== undefined && !found.isFile() && !found.isDirectory();
}

async function writeInto(store: Store, table: string, path: string): Promise<void> {
  try {
    await pipeline(csvChunks(store, table), createWriteStream(path));
  } catch (thrown) {
    throw cannotExport(path, thrown);
  }
}

function cannotExport(path: string, thrown: unknown): unknown {
  if (thrown instanceof SluiceError) return thrown;
  return new SluiceError('cannot-export', `cannot write ${path} (${messageOf(thrown)})`, { cause: thrown });
}

/** Makes the rename in `directory` durable. */
async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
