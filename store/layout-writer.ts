import type { RowEntry } from '../wire/entry.ts';
import type { Scalar } from '../wire/point.ts';
import { quoted, typeOf, wider } from './column.ts';
import type { Column, ScalarType } from './column.ts';
import type { Connection } from './database.ts';
import { columnsOf, fieldsOf, fitColumns } from './layout.ts';
import type { Field } from './layout.ts';
import { readColumns, readLayouts } from './layouts.ts';
import type { StoredLayout } from './layouts.ts';

/**
 * A table's columns and layouts while rows are written: they grow with what the rows bring.
 *
 * Holds state of the open transaction: after a ROLLBACK it must be thrown away.
 */
export interface LayoutWriter {
  /** The layout of the row, where rows of its shape were written before. */
  find(entry: RowEntry): StoredLayout | undefined;
  /** The layout of a row of a new shape: the table gains the columns that it lacks. Throws Unfit. */
  add(entry: RowEntry): StoredLayout;
  /** Widens the recorded type of the scalar column at `position` so that it holds `value`, and returns it. */
  widen(position: number, value: Scalar): ScalarType;
  /** The name of the column at `position`. */
  nameAt(position: number): string;
}

/**
 * The layout writer of the table `name`, which is `id` in Sluice's own tables, as it stands in the database.
 */
export function openLayoutWriter(connection: Connection, id: number, name: string): LayoutWriter {
  const columns: Column[] = readColumns(connection, id);
  const layouts = new Map<string, StoredLayout>();
  let lastId = 0;
  for (const layout of readLayouts(connection, id)) {
    layouts.set(shapeOf(layout.parameters, layout.fields), layout);
    lastId = layout.id;
  }

  function add(entry: RowEntry): StoredLayout {
    const { row, parameters } = entry;
    const fields = fieldsOf(row);
    const wanted = columnsOf(row, fields, parameters);
    const { positions, missing } = fitColumns(columns, wanted);
    addColumns(missing);
    for (const [cell, position] of positions.entries()) {
      const column = columns[position] as Column;
      const isParameter = wanted[cell]?.parameter === true;
      if (isParameter && !column.parameter) record(position, { ...column, parameter: true });
    }
    const layout = { id: ++lastId, parameters, fields, positions };
    connection
      .prepare('INSERT INTO sluice_layouts (table_id, id, parameters, fields) VALUES (?, ?, ?, ?)')
      .run([id, layout.id, parameters, JSON.stringify(fields)]);
    layouts.set(shapeOf(parameters, fields), layout);
    return layout;
  }

  function addColumns(missing: readonly Column[]): void {
    const table = quoted(name);
    if (columns.length === 0) {
      connection.exec(`CREATE TABLE ${table} (${missing.map(definition).join(', ')})`);
    } else {
      for (const column of missing) connection.exec(`ALTER TABLE ${table} ADD COLUMN ${definition(column)}`);
    }
    for (const column of missing) record(columns.length, column);
  }

  function record(position: number, column: Column): void {
    columns[position] = column;
    const { name, type, declared, parameter, vector, index } = column;
    connection
      .prepare(
        `INSERT OR REPLACE INTO sluice_columns (table_id, position, name, type, declared, parameter, vector,
          vector_index) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run([id, position, name, type, declared, Number(parameter), vector, index]);
  }

  return {
    find: (entry) => layouts.get(shapeOfEntry(entry)),
    add,
    widen: (position, value) => {
      const column = columns[position] as Column;
      // fitColumns lets no scalar into a column of whole vectors.
      const type = wider(column.type as ScalarType, typeOf(value));
      if (type !== column.type) record(position, { ...column, type });
      return type;
    },
    nameAt: (position) => (columns[position] as Column).name,
  };
}

/**
 * Rows of one shape have the same fields in the same order, vectors of the same lengths, as many parameters.
 */
function shapeOf(parameters: number, fields: readonly Field[]): string {
  return JSON.stringify([
    parameters,
    ...fields.flatMap(({ name, kept, length }) => [name, kept === 'scalar' ? -1 : length]),
  ]);
}

/** The same of a row, without making its fields: this runs for every row. */
function shapeOfEntry({ parameters, row }: RowEntry): string {
  const parts: (string | number)[] = [parameters];
  for (const [name, value] of Object.entries(row)) {
    parts.push(name, value instanceof Float64Array ? value.length : -1);
  }
  return JSON.stringify(parts);
}

function definition(column: Column): string {
  return `${quoted(column.name)} ${column.declared}`.trimEnd();
}
