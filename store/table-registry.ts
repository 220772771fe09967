import { hash } from 'node:crypto';
import type { PlanEntry } from '../wire/entry.ts';
import type { Connection } from './database.ts';
import { openTableWriter } from './table-writer.ts';
import type { KeyStatements, TableWriter } from './table-writer.ts';
import { Unfit } from './unfit.ts';

/**
 * The tables of a database and what they are to hold. Knows the open transaction's state: forget after a
 * ROLLBACK.
 */
export interface TableRegistry {
  /**
   * The writer of the table, or undefined where it has no plan yet; throws Unfit where only the case of its
   * name differs.
   */
  find(name: string): TableWriter | undefined;
  /** The writer of the table that has exactly this name, or undefined. */
  known(name: string): TableWriter | undefined;
  /** The writer of the table; throws Unfit where it has no plan yet. */
  require(name: string): TableWriter;
  /** Takes the plan in; true where the table is new. Throws Unfit where the table is another experiment's. */
  plan(entry: PlanEntry, atMs: number): boolean;
  /** Drops the table's specs; of an unknown table there are none. */
  cancel(name: string): void;
  forget(): void;
}

/** The registry of the tables behind `connection`. */
export function openTableRegistry(connection: Connection, keys: KeyStatements): TableRegistry {
  const select = connection.prepare('SELECT id, name, experiment FROM sluice_tables WHERE name = ?');
  const insert =
    connection.prepare(`INSERT INTO sluice_tables (name, experiment, version, definition, created_at_ms)
    VALUES (?, ?, ?, ?, ?)`);
  const update = connection.prepare('UPDATE sluice_tables SET version = ?, definition = ? WHERE id = ?');
  const insertSpec =
    connection.prepare(`INSERT INTO sluice_specs (table_id, position, hash, spec, added_at_ms)
    VALUES (?1, (SELECT coalesce(max(position) + 1, 0) FROM sluice_specs WHERE table_id = ?1), ?2, ?3, ?4)
    ON CONFLICT (table_id, hash) DO NOTHING`);
  const deleteSpecs = connection.prepare('DELETE FROM sluice_specs WHERE table_id = ?');
  const writers = new Map<string, TableWriter>();

  /** The writer of the table whose name is the same to SQLite: it compares without case. */
  function same(name: string): TableWriter | undefined {
    const known = writers.get(name);
    if (known !== undefined) return known;
    const found = select.get([name]);
    if (found === undefined) return undefined;
    const [id, stored, experiment] = found as [number, string, string];
    const table = { id, name: stored, experiment };
    const writer = writers.get(stored) ?? openTableWriter(connection, keys, table);
    writers.set(stored, writer);
    return writer;
  }

  function known(name: string): TableWriter | undefined {
    const found = same(name);
    return found?.name === name ? found : undefined;
  }

  function find(name: string): TableWriter | undefined {
    const found = same(name);
    if (found === undefined || found.name === name) return found;
    throw new Unfit(
      'other-experiment',
      `its table "${name}" and the table "${found.name}" are one to SQLite`,
    );
  }

  function require(name: string): TableWriter {
    const writer = find(name);
    if (writer === undefined) throw new Unfit('unknown-table', `the table "${name}" has no plan yet`);
    return writer;
  }

  return {
    find,
    known,
    require,
    plan: ({ table: name, definition, spec }, atMs) => {
      const found = find(name);
      if (found !== undefined && found.experiment !== definition.name) {
        throw new Unfit(
          'other-experiment',
          `the table "${name}" belongs to the experiment "${found.experiment}", not to "${definition.name}"`,
        );
      }
      const json = JSON.stringify(definition);
      if (found === undefined) insert.run([name, definition.name, definition.version, json, atMs]);
      else update.run([definition.version, json, found.id]);
      if (spec !== undefined) insertSpec.run([require(name).id, hash('sha256', spec, 'hex'), spec, atMs]);
      return found === undefined;
    },
    cancel: (name) => {
      const writer = find(name);
      if (writer !== undefined) deleteSpecs.run([writer.id]);
    },
    forget: () => writers.clear(),
  };
}
