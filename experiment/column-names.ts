/** Longest name of a parameter or of a value of a row, in characters; vectors add the digits of an index. */
export const MAX_COLUMN_NAME_LENGTH = 128;

/** SQLite's names for a row's number, which a column of that name would hide. */
const ROW_NUMBER_NAMES = /^(rowid|oid|_rowid_)$/i;

/** How the columns begin that BigQuery keeps for itself (cloud.google.com/bigquery/docs/schemas). */
const BIGQUERY_PREFIXES = /^(_table_|_file_|_partition|_row_timestamp|__root__|_colidentifier|_change_)/i;

/** Why `name` cannot name a column in SQLite, BigQuery and a data frame alike, or undefined where it can. */
export function columnNameFault(name: string): string | undefined {
  if (name.length > MAX_COLUMN_NAME_LENGTH) return `a name has at most ${MAX_COLUMN_NAME_LENGTH} characters`;
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    return 'a name is a letter or _ followed by letters, digits and _';
  }
  // Assigning to it changes an object's prototype and leaves no value.
  if (name === '__proto__') return 'this name is reserved by JavaScript';
  if (ROW_NUMBER_NAMES.test(name)) return "this name is reserved by SQLite (a row's number)";
  if (BIGQUERY_PREFIXES.test(name)) return 'names that begin like this are reserved by BigQuery';
  return undefined;
}

/** Two of `names` that differ by case alone, one column to SQLite and BigQuery; undefined where none do. */
export function caseCollision(names: readonly string[]): readonly [string, string] | undefined {
  const seen = new Map<string, string>();
  for (const name of names) {
    const folded = name.toLowerCase();
    const earlier = seen.get(folded);
    if (earlier !== undefined) return [earlier, name];
    seen.set(folded, name);
  }
  return undefined;
}
