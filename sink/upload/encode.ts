import type { Column } from '../../store/column.ts';
import type { Cell } from '../../store/database.ts';
import { doublesOf, type RawRow } from '../../store/row-reader.ts';
import { textThere } from './text-there.ts';

/** Characters gathered before they are handed on: rows of three columns would else cost a write each. */
const CHUNK_CHARACTERS = 64 * 1024;

/** Characters that a number and its column's name take in a line, at most or nearly so. */
const CELL_CHARACTERS = 30;

/**
 * Rows as newline-delimited JSON in pieces of some 64 kB, one object a line; NULL is left out, and doubles that JSON has
 * no numbers for are "NaN", "Infinity" and "-Infinity", as BigQuery reads them.
 */
export function* encodeRows(rows: Iterable<RawRow>): Generator<string> {
  let known: readonly Column[] | undefined;
  let names: string[] = [];
  let chunk = '';
  for (const { cells, columns } of rows) {
    if (columns !== known) names = columns.map(({ name }) => `${JSON.stringify(name)}:`);
    known = columns;
    chunk += `${encodeCells(cells, columns, names)}\n`;
    if (chunk.length < CHUNK_CHARACTERS) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}

function encodeCells(cells: readonly Cell[], columns: readonly Column[], names: readonly string[]): string {
  // Joined at once, and by a plain loop: twice as fast as a line that grows, and it is half of an upload's work.
  const parts: string[] = [];
  for (let position = 0; position < cells.length; position += 1) {
    const cell = cells[position]!;
    if (cell === null) continue;
    parts.push(parts.length === 0 ? '{' : ',', names[position]!, encodeCell(cell, columns[position]!));
  }
  return parts.length === 0 ? '{}' : `${parts.join('')}}`;
}

function encodeCell(cell: number | string | Uint8Array, { type, parameter }: Column): string {
  if (cell instanceof Uint8Array) return `[${Array.from(doublesOf(cell), numberText).join(',')}]`;
  // A column that holds text too is a STRING there.
  if (type === 'TEXT') return JSON.stringify(parameter ? textThere(cell) : String(cell));
  if (typeof cell === 'string') return JSON.stringify(cell);
  return type === 'BOOLEAN' ? String(cell !== 0) : numberText(cell);
}

function numberText(value: number): string {
  return Number.isFinite(value) ? String(value) : `"${value}"`;
}

/** Bytes that the widest row of a table with these columns takes as a line, before it is compressed, at most or nearly so. */
export function lineBytes(columns: readonly Column[], longestVector: number): number {
  const blobs = columns.filter(({ type }) => type === 'BLOB').length;
  return CELL_CHARACTERS * Math.max(1, columns.length + blobs * longestVector);
}
