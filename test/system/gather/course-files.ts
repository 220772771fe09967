import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from '../../../store/database.ts';
import { componentColumn } from '../../../wire/row.ts';

/** Rows as the course's map function returns them, of blocks of `ncol` columns. */
export interface CourseRow {
  readonly seed: number;
  readonly alignment: number;
  readonly vector: readonly number[];
}

/** The row of a seed: a unit vector near v_true, the same every time, its components of 17 digits. */
export function courseRow(seed: number, ncol: number): CourseRow {
  const raw = Array.from({ length: ncol }, (_, j) => ((j % 2 === 0 ? -1 : 1) + Math.sin(seed * 1000 + j * 7.3) / 8) / Math.sqrt(ncol));
  const length = Math.hypot(...raw);
  const vector = raw.map((component) => component / length);
  const alignment = vector.reduce((sum, component, j) => sum + ((j % 2 === 0 ? -1 : 1) * component) / Math.sqrt(ncol), 0);
  return { seed, alignment, vector };
}

/** A double as Python prints it: exponents from 1e16 on and below 1e-4, of two digits at least. */
export function pythonRepr(value: number): string {
  const magnitude = Math.abs(value);
  if (magnitude !== 0 && (magnitude < 1e-4 || magnitude >= 1e16)) {
    return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
  }
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

/** How a file is written. */
export interface Writing {
  /** Head of the index column, which pandas leaves empty; without it there is none. */
  readonly index?: string;
  readonly lineEnd?: string;
  readonly mark?: boolean;
}

/** The CSV of the rows as pandas' to_csv writes it, byte for byte. */
export function courseCsv(rows: readonly CourseRow[], nrow: number, { index, lineEnd = '\n', mark = false }: Writing = {}): string {
  const ncol = rows[0]?.vector.length ?? 0;
  const lead = (cell: string | number): string => (index === undefined ? '' : `${cell},`);
  const lines = rows.map(({ seed, alignment, vector }, at) => `${lead(at)}${nrow},${ncol},${seed},${[alignment, ...vector].map(pythonRepr).join(',')}`);
  return `${mark ? '\uFEFF' : ''}${[lead(index ?? '') + columnsOf(ncol).join(','), ...lines].join(lineEnd)}${lineEnd}`;
}

/** Writes the rows of these seeds to `folder`, and returns the file. */
export function writeCourseFile(folder: string, name: string, seeds: readonly number[], nrow: number, ncol: number, writing: Writing = {}): string {
  writeFileSync(join(folder, name), courseCsv(seeds.map((seed) => courseRow(seed, ncol)), nrow, writing));
  return name;
}

/** Writes the rows of these seeds into a table of the SQLite file `path`, as pandas' to_sql does: with its index and an index on it. */
export function writeEmsTable(path: string, table: string, seeds: readonly number[], nrow: number, ncol: number): void {
  const connection = connect(path);
  const columns = columnsOf(ncol);
  const types = columns.map((name, at) => `"${name}" ${at < 3 ? 'INTEGER' : 'REAL'}`);
  connection.exec(`CREATE TABLE "${table}" ("index" INTEGER, ${types.join(', ')}); CREATE INDEX "ix_${table}_index" ON "${table}" ("index"); BEGIN`);
  const insert = connection.prepare(`INSERT INTO "${table}" VALUES (?${', ?'.repeat(columns.length)})`);
  for (const [at, seed] of seeds.entries()) {
    const { alignment, vector } = courseRow(seed, ncol);
    insert.run([BigInt(at), BigInt(nrow), BigInt(ncol), BigInt(seed), alignment, ...vector]);
  }
  connection.exec('COMMIT');
  connection.close();
}

function columnsOf(ncol: number): string[] {
  return ['nrow', 'ncol', 'seed', 'v_alignment', ...Array.from({ length: ncol }, (_, index) => componentColumn('ve', index))];
}
