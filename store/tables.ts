import { definitionSchema } from '../wire/definition.ts';
import type { Definition } from '../wire/definition.ts';
import type { Column } from './column.ts';
import type { Connection } from './database.ts';
import { readColumns } from './layouts.ts';

/** What the database knows of a table. */
export interface TableInfo {
  readonly name: string;
  /** The experiment whose rows it holds, for good. */
  readonly experiment: string;
  /** The experiment's version, as the latest plan has it. */
  readonly version: string;
  /** How the experiment is found, as the latest plan has it. */
  readonly definition: Definition;
  readonly createdAtMs: number;
  /**
   * The specs whose points' union the table is to hold, as canonical JSON, oldest first; none after a cancel.
   */
  readonly specs: readonly string[];
  /** The columns of its rows in their order; none before its first row. */
  readonly columns: readonly Column[];
}

/** Names of the tables, oldest first. */
export function tableNames(connection: Connection): string[] {
  return connection
    .prepare('SELECT name FROM sluice_tables ORDER BY id')
    .all([])
    .map(([name]) => name as string);
}

/** The id of the table `name` in Sluice's own tables, or undefined; the case of letters counts. */
export function tableId(connection: Connection, name: string): number | undefined {
  return connection.value('SELECT id FROM sluice_tables WHERE name = ? AND name = ?1 COLLATE BINARY', [
    name,
  ]) as number | undefined;
}

/** All that is known of the table `name`, or undefined. */
export function readTable(connection: Connection, name: string): TableInfo | undefined {
  const id = tableId(connection, name);
  if (id === undefined) return undefined;
  const [experiment, version, definition, createdAtMs] = connection
    .prepare('SELECT experiment, version, definition, created_at_ms FROM sluice_tables WHERE id = ?')
    .get([id]) as [string, string, string, number];
  const specs = connection
    .prepare('SELECT spec FROM sluice_specs WHERE table_id = ? ORDER BY position')
    .all([id]);
  return {
    name,
    experiment,
    version,
    definition: definitionSchema.parse(JSON.parse(definition)),
    createdAtMs,
    specs: specs.map(([spec]) => spec as string),
    columns: readColumns(connection, id),
  };
}
