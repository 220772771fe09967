import type { Column } from './column.ts';
import type { Connection } from './database.ts';
import type { Field } from './layout.ts';
import { componentColumn } from '../wire/row.ts';

/** A layout as it stands in the database. */
export interface StoredLayout {
  readonly id: number;
  /** How many of the leading fields are the point's parameters. */
  readonly parameters: number;
  readonly fields: readonly Field[];
  /** Where each cell of such a row stands among the table's columns, in the order of the fields. */
  readonly positions: readonly number[];
}

/** The columns of the table `tableId` in their order. */
export function readColumns(connection: Connection, tableId: number): Column[] {
  return connection
    .prepare(
      `SELECT name, type, declared, parameter, vector, vector_index FROM sluice_columns
      WHERE table_id = ? ORDER BY position`,
    )
    .all([tableId])
    .map(([name, type, declared, parameter, vector, index]) => ({
      name: name as string,
      type: type as Column['type'],
      declared: declared as Column['declared'],
      parameter: parameter === 1,
      vector: vector as string | null,
      index: index as number | null,
    }));
}

/** The layouts of the table `tableId`, oldest first. */
export function readLayouts(connection: Connection, tableId: number): StoredLayout[] {
  const positionOf = new Map(
    readColumns(connection, tableId).map((column, position) => [column.name, position]),
  );
  return connection
    .prepare('SELECT id, parameters, fields FROM sluice_layouts WHERE table_id = ? ORDER BY id')
    .all([tableId])
    .map(([id, parameters, json]) => {
      const fields = JSON.parse(json as string) as Field[];
      const positions = fields.flatMap(cellNames).map((name) => positionOf.get(name) as number);
      return { id: id as number, parameters: parameters as number, fields, positions };
    });
}

function cellNames({ name, kept, length }: Field): string[] {
  return kept === 'columns' ? Array.from({ length }, (_, index) => componentColumn(name, index)) : [name];
}
