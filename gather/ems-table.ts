import { statSync } from 'node:fs';
import { openForeignTable } from '../store/foreign-table.ts';
import type { Cell } from '../store/database.ts';
import { badFile, type Source, type SourceCell, type SourceRecord } from './source.ts';

/** How pandas declares a column of booleans, which SQLite keeps as 0 and 1. */
const BOOLEAN = /^bool/i;

/**
 * The table `table` of the SQLite file at `path`, as EMS keeps its own (written by pandas' to_sql). Throws as
 * openForeignTable does, also at once where there is no such table.
 */
export function emsTable(path: string, table: string): Source {
  openForeignTable(path, table).close();
  return { name: path, writtenAtMs: statSync(path).mtimeMs, records: () => recordsOf(path, table) };
}

function* recordsOf(path: string, table: string): Generator<SourceRecord> {
  using held = new DisposableStack();
  const opened = held.adopt(openForeignTable(path, table), (open) => open.close());
  const headerPlace = `${path}, table ${table}`;
  const header = opened.columns.map(({ name }) => name);
  const isBoolean = opened.columns.map(({ declared }) => BOOLEAN.test(declared));
  let records = 0;
  for (const { rowId, cells } of opened.rows()) {
    records += 1;
    const place = `${headerPlace}, row ${rowId}`;
    const own = cells.map((cell, at) => cellOf(cell, isBoolean[at] === true, `${place}: column "${header[at]}"`));
    yield { place, line: rowId, headerPlace, header, cells: own };
  }
  if (records === 0) throw badFile(headerPlace, 'it has no rows');
}

function cellOf(cell: Cell, isBoolean: boolean, place: string): SourceCell {
  if (cell instanceof Uint8Array) throw badFile(place, 'expected a number, a text or nothing, found bytes');
  return isBoolean && typeof cell === 'number' ? cell !== 0 : cell;
}
