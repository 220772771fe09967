import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { SchemaElement } from 'hyparquet-writer';
import { SluiceError } from '../runtime/errors.ts';
import type { Column } from './column.ts';
import type { Cell } from './database.ts';
import { doublesOf, scalarOf } from './row-reader.ts';
import type { Store } from './store.ts';

/** Cells of a row group, which is held in memory: 8 MB of doubles, 1,000 rows of a thousand columns. */
const GROUP_CELLS = 2 ** 20;

/**
 * The Parquet file of `table`, its rows by their parameters, in pieces of a row group. Whole numbers are INT64, other
 * numbers DOUBLE, true and false BOOLEAN, texts (and all of a column that has some) STRING, and a vector that is kept whole
 * a LIST of DOUBLE; what is not there, and NaN, is null.
 *
 * Throws SluiceError `no-rows` for a table that has no columns yet.
 */
export function* parquetChunks(store: Store, table: string): Generator<Uint8Array> {
  const bytes = new ByteWriter();
  let group: Group | undefined;
  for (const { cells, columns } of store.cells(table)) {
    group ??= openGroup(columns, bytes);
    group.add(cells);
    if (group.isFull()) yield group.write();
  }
  group ??= openGroup(store.table(table)?.columns ?? [], bytes);
  if (group.columns === 0) throw new SluiceError('no-rows', `table ${table} has no rows yet, and so no columns that a Parquet file could have`);
  yield group.write();
  yield group.end();
}

/** The rows of a row group, column by column. */
interface Group {
  readonly columns: number;
  add(cells: readonly Cell[]): void;
  isFull(): boolean;
  /** Encodes the rows, which are forgotten then. */
  write(): Uint8Array;
  /** The end of the file. */
  end(): Uint8Array;
}

function openGroup(columns: readonly Column[], bytes: ByteWriter): Group {
  const writer = new ParquetWriter({ writer: bytes, schema: [{ name: 'schema', num_children: columns.length }, ...columns.flatMap(schemaOf)] });
  let values: unknown[][] = columns.map(() => []);
  const take = (): Uint8Array => {
    const taken = bytes.getBytes().slice();
    bytes.index = 0;
    return taken;
  };
  return {
    columns: columns.length,
    add: (cells) => columns.forEach((column, position) => values[position]!.push(valueOf(cells[position] ?? null, column))),
    isFull: () => values[0]!.length * columns.length >= GROUP_CELLS,
    write: () => {
      const rowGroupSize = Math.max(1, values[0]!.length);
      // With a writer that needs no flush it is done when it returns.
      void writer.write({ columnData: columns.map((column, position) => ({ name: column.name, data: values[position]!, ...encodingOf(column) })), rowGroupSize });
      values = columns.map(() => []);
      return take();
    },
    end: () => {
      void writer.finish();
      return take();
    },
  };
}

/** Doubles that are results differ in all their bits: neither a dictionary nor compression would find anything. */
function encodingOf({ declared }: Column): { codec?: 'UNCOMPRESSED'; encoding?: 'PLAIN' } {
  return declared === 'REAL' ? { codec: 'UNCOMPRESSED', encoding: 'PLAIN' } : {};
}

function schemaOf({ name, type }: Column): SchemaElement[] {
  const repetition_type = 'OPTIONAL';
  switch (type) {
    case 'BOOLEAN':
      return [{ name, type: 'BOOLEAN', repetition_type }];
    case 'INTEGER':
      return [{ name, type: 'INT64', repetition_type }];
    case 'TEXT':
      return [{ name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type }];
    case 'BLOB':
      return [
        { name, converted_type: 'LIST', num_children: 1, repetition_type },
        { name: 'list', num_children: 1, repetition_type: 'REPEATED' },
        { name: 'element', type: 'DOUBLE', repetition_type },
      ];
    case 'REAL':
    case '':
      break;
  }
  return [{ name, type: 'DOUBLE', repetition_type }];
}

function valueOf(cell: Cell, column: Column): unknown {
  if (cell instanceof Uint8Array) return [...doublesOf(cell)];
  const value = scalarOf(cell, column);
  if (value === null || column.type === 'BOOLEAN') return value;
  if (column.type === 'TEXT') return String(value);
  return column.type === 'INTEGER' ? BigInt(value) : value;
}
