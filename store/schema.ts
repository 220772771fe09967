/** Marks a SQLite file as Sluice's: the bytes `SLCE`, at offset 68 of the file. */
export const APPLICATION_ID = 0x534c4345;

/** The version of the tables below, kept in the file as user_version; a file of a newer one is left alone. */
export const SCHEMA_VERSION = 3;

/**
 * Bytes a page, set before the first table and fixed from then on.
 *
 * A row of 1,004 doubles takes 9 kB: at SQLite's default of 4,096 it lies in a chain of overflow pages and
 * reading 1,000 rows takes six times as long.
 */
export const PAGE_BYTES = 32_768;

/**
 * Sluice's own tables; the users' tables stand beside them and hold rows only.
 *
 * - sluice_tables: one line a table. Names that differ in case only would be one table to SQLite.
 * - sluice_specs: the table's plan, spec by spec in the order they came; `hash` is SHA-256 of the text.
 * - sluice_columns: the columns of the user's table in their order. `type` is the narrowest type that every
 *   value so far fits, `declared` the type in the user's table: '' for scalars, which must not be converted,
 *   REAL for a vector's components, BLOB for whole vectors.
 * - sluice_layouts: which of them a row fills: its fields in their order, vectors with their length, as JSON.
 * - sluice_rows: one line a stored row, `row_id` being its rowid in the user's table, counted from 1 without
 *   gaps (so that VACUUM keeps it). Clustered by it, so that rows append; the unique index on the key is
 *   what makes a second row for a point impossible.
 * - sluice_failures: points that failed for good.
 * - sluice_dead_letters: entries that could not be applied, with their bytes.
 * - OUTBOX: what is uploaded, see there.
 * - FAILURE_COUNTS: how many points failed, see there.
 */
export const SCHEMA = `
CREATE TABLE sluice_tables (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  experiment TEXT NOT NULL,
  version TEXT NOT NULL,
  definition TEXT NOT NULL,
  created_at_ms REAL NOT NULL
) STRICT;
CREATE TABLE sluice_specs (
  table_id INTEGER NOT NULL,
  position INTEGER NOT NULL,
  hash TEXT NOT NULL,
  spec TEXT NOT NULL,
  added_at_ms REAL NOT NULL,
  UNIQUE (table_id, hash)
) STRICT;
CREATE TABLE sluice_columns (
  table_id INTEGER NOT NULL,
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  declared TEXT NOT NULL,
  parameter INTEGER NOT NULL,
  vector TEXT,
  vector_index INTEGER,
  PRIMARY KEY (table_id, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE sluice_layouts (
  table_id INTEGER NOT NULL,
  id INTEGER NOT NULL,
  parameters INTEGER NOT NULL,
  fields TEXT NOT NULL,
  PRIMARY KEY (table_id, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE sluice_rows (
  table_id INTEGER NOT NULL,
  row_id INTEGER NOT NULL,
  key TEXT NOT NULL,
  layout INTEGER NOT NULL,
  version TEXT NOT NULL,
  consumer TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  seconds REAL NOT NULL,
  finished_at_ms REAL NOT NULL,
  notes TEXT NOT NULL,
  committed_at_ms REAL NOT NULL,
  PRIMARY KEY (table_id, row_id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX sluice_rows_key ON sluice_rows (table_id, key);
CREATE TABLE sluice_failures (
  table_id INTEGER NOT NULL,
  key TEXT NOT NULL,
  point TEXT NOT NULL,
  code TEXT NOT NULL,
  message TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  version TEXT NOT NULL,
  consumer TEXT NOT NULL,
  finished_at_ms REAL NOT NULL,
  committed_at_ms REAL NOT NULL,
  PRIMARY KEY (table_id, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE sluice_dead_letters (
  id INTEGER PRIMARY KEY,
  entry_id TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  code TEXT NOT NULL,
  reason TEXT NOT NULL,
  table_name TEXT,
  bytes BLOB NOT NULL,
  received_at_ms REAL NOT NULL,
  UNIQUE (entry_id, sha256)
) STRICT;
CREATE INDEX sluice_dead_letters_table ON sluice_dead_letters (table_name, code);
`;

/** The first version that has the outbox. */
export const OUTBOX_VERSION = 2;

/**
 * The outbox: which rows a target, PROJECT.DATASET, has, and what is on its way there.
 *
 * - sluice_uploads: one line a table and target. `log` tells which table of that name it is over there.
 * - sluice_batches: the load jobs, each at its position in that table's log, recorded before it is sent.
 * - sluice_uploaded_elsewhere: points that the table over there has by another way, stored here or not.
 */
export const OUTBOX = `
CREATE TABLE sluice_uploads (
  table_id INTEGER NOT NULL,
  target TEXT NOT NULL,
  log TEXT,
  error TEXT,
  next_try_at_ms REAL,
  changed_at_ms REAL NOT NULL,
  PRIMARY KEY (table_id, target)
) STRICT, WITHOUT ROWID;
CREATE TABLE sluice_batches (
  table_id INTEGER NOT NULL,
  target TEXT NOT NULL,
  position INTEGER NOT NULL,
  first_row INTEGER NOT NULL,
  last_row INTEGER NOT NULL,
  rows INTEGER NOT NULL,
  hash TEXT NOT NULL,
  job_id TEXT NOT NULL,
  state TEXT NOT NULL,
  recorded_at_ms REAL NOT NULL,
  changed_at_ms REAL NOT NULL,
  PRIMARY KEY (table_id, target, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE sluice_uploaded_elsewhere (
  table_id INTEGER NOT NULL,
  target TEXT NOT NULL,
  key TEXT NOT NULL,
  PRIMARY KEY (table_id, target, key)
) STRICT, WITHOUT ROWID;
`;

/** The first version that has the counts of failures. */
export const FAILURE_COUNTS_VERSION = 3;

/** Characters of a message by which failures are told apart. */
const GROUP_CHARS = 500;

/** The first line of a failure's message, or as much of it as tells failures apart. */
export const FIRST_LINE = `substr(CASE WHEN instr(message, char(10)) > 0 THEN substr(message, 1, instr(message, char(10)) - 1) ELSE message END, 1, ${GROUP_CHARS})`;

/**
 * How many failures a table has, and how many by the first line of their messages: kept by triggers, so that whoever
 * watches a table of a million failures counts none of them, and so that it holds whoever changes the failures.
 */
export const FAILURE_COUNTS = `
CREATE TABLE sluice_failure_counts (
  table_id INTEGER PRIMARY KEY,
  points INTEGER NOT NULL
) STRICT;
CREATE TABLE sluice_failure_groups (
  table_id INTEGER NOT NULL,
  message TEXT NOT NULL,
  points INTEGER NOT NULL,
  PRIMARY KEY (table_id, message)
) STRICT, WITHOUT ROWID;
CREATE INDEX sluice_failure_groups_points ON sluice_failure_groups (table_id, points DESC, message);
INSERT INTO sluice_failure_counts SELECT table_id, count(*) FROM sluice_failures GROUP BY table_id;
INSERT INTO sluice_failure_groups SELECT table_id, ${FIRST_LINE} AS line, count(*) FROM sluice_failures GROUP BY table_id, line;
CREATE TRIGGER sluice_failure_added AFTER INSERT ON sluice_failures BEGIN
  INSERT INTO sluice_failure_counts VALUES (NEW.table_id, 1) ON CONFLICT (table_id) DO UPDATE SET points = points + 1;
  INSERT INTO sluice_failure_groups VALUES (NEW.table_id, ${ofRow('NEW')}, 1) ON CONFLICT (table_id, message) DO UPDATE SET points = points + 1;
END;
CREATE TRIGGER sluice_failure_removed AFTER DELETE ON sluice_failures BEGIN
  UPDATE sluice_failure_counts SET points = points - 1 WHERE table_id = OLD.table_id;
  UPDATE sluice_failure_groups SET points = points - 1 WHERE table_id = OLD.table_id AND message = ${ofRow('OLD')};
  DELETE FROM sluice_failure_groups WHERE table_id = OLD.table_id AND message = ${ofRow('OLD')} AND points = 0;
END;
`;

function ofRow(row: 'NEW' | 'OLD'): string {
  return FIRST_LINE.replaceAll('message', `${row}.message`);
}
