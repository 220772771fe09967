import { createReadStream, statSync } from 'node:fs';
import { pipeline } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import type { Parser } from 'csv-parse';
import { SluiceError, messageOf } from '../runtime/errors.ts';
import { UNKNOWN_COLUMNS, learnKinds, openColumns, type ColumnKinds, type Columns, type KnownColumns } from './columns.ts';
import { badFile, type Source, type SourceRecord } from './source.ts';
import { checkedUtf8 } from './utf8.ts';

/** Longest line, in bytes: a row of a million numbers. A longer one is no row, and would take as much memory. */
const MAX_LINE_BYTES = 32 * 2 ** 20;

/** Bytes read at once: a few rows of a thousand numbers. */
const PIECE_BYTES = 256 * 2 ** 10;

/** Lines that are looked at first, at most, to learn what their columns hold; most often the first one tells it. */
const TELLING_LINES = 1_000;

/** What csv-parse finds wrong, in our words. */
const FAULTS: ReadonlyMap<string, string> = new Map([
  ['CSV_MAX_RECORD_SIZE', `a line has at most ${MAX_LINE_BYTES / 2 ** 20} MiB, and this one has more`],
  ['CSV_QUOTE_NOT_CLOSED', 'a quoted text begins here, or before, and does not end'],
  ['INVALID_OPENING_QUOTE', 'a quote stands within a text that is not quoted'],
  ['CSV_INVALID_CLOSING_QUOTE', 'a quoted text is followed by something other than a comma or the end of the line'],
]);

/** A record of csv-parse with where it ends. */
interface Parsed {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/** How a CSV file is read. */
export interface CsvOptions {
  /** Whether cells that are missing or infinite are taken among numbers; else they are refused. */
  readonly allowMissing?: boolean;
  /** What is known of columns when reading begins. */
  readonly known?: () => KnownColumns;
}

/**
 * The CSV file at `path`: UTF-8 with or without its mark, lines that end with LF or CRLF, a header, and rows of as many
 * cells (RFC 4180), each column of numbers, of texts, of true and false, or of lists of numbers. Empty lines are passed
 * over. Its memory is that of a line, which is bounded.
 */
export function csvFile(path: string, options: CsvOptions = {}): Source {
  return { name: path, writtenAtMs: statSync(path).mtimeMs, records: () => recordsOf(path, options) };
}

async function* recordsOf(path: string, { allowMissing = false, known: tell }: CsvOptions): AsyncGenerator<SourceRecord> {
  const known = tell?.() ?? UNKNOWN_COLUMNS;
  const kinds = await kindsIn(path, known);
  let header: readonly string[] | undefined;
  let columns: Columns | undefined;
  let headerPlace = path;
  let records = 0;
  for await (const { record, info } of parsedFrom(path)) {
    // A quoted text may span lines: the record is named by its last one.
    const line = info.lines;
    if (header === undefined || columns === undefined) {
      header = record;
      columns = openColumns(header, kinds, { allowMissing, optional: known.optional });
      headerPlace = `${path}:${line}`;
      continue;
    }
    const place = `${path}:${line}`;
    if (record.length !== header.length) throw badFile(place, `expected ${header.length} cells as in the header, found ${record.length}`);
    records += 1;
    yield { place, line, headerPlace, header, cells: cellsOf(columns, record, line, place) };
  }
  if (header === undefined) throw badFile(path, 'it is empty; expected a header and rows');
  if (records === 0) throw badFile(path, 'it has a header and no rows');
}

function cellsOf(columns: Columns, record: readonly string[], line: number, place: string): SourceRecord['cells'] {
  try {
    return columns.cells(record, line);
  } catch (error) {
    throw badFile(place, messageOf(error), error);
  }
}

/** What the columns hold, as far as the table and the first lines tell it. */
async function kindsIn(path: string, known: KnownColumns): Promise<ColumnKinds['kinds']> {
  let learned: ColumnKinds | undefined;
  let lines = 0;
  for await (const { record, info } of parsedFrom(path)) {
    if (learned === undefined) {
      learned = learnKinds(record, known);
      continue;
    }
    lines += 1;
    if (!learned.learn(record, info.lines) || lines === TELLING_LINES) break;
  }
  return learned?.kinds ?? [];
}

async function* parsedFrom(path: string): AsyncGenerator<Parsed> {
  // Both, whatever the first line ends with: a CR that stays behind a text would make it another one.
  const ends = ['\r\n', '\n'];
  const parser = parse({ bom: true, info: true, record_delimiter: ends, relax_column_count: true, skip_empty_lines: true, max_record_size: MAX_LINE_BYTES });
  const file = createReadStream(path, { highWaterMark: PIECE_BYTES });
  // The end of one ends all; a fault of any is thrown by the loop below.
  pipeline(file, (pieces: AsyncIterable<Buffer>) => checkedUtf8(pieces, path), parser, () => {});
  try {
    yield* parser as Parser & AsyncIterable<Parsed>;
  } catch (error) {
    throw explained(error, path);
  } finally {
    file.destroy();
  }
}

function explained(error: unknown, path: string): unknown {
  if (error instanceof SluiceError) return error;
  if (!(error instanceof CsvError)) return badFile(path, `it cannot be read (${messageOf(error)})`, error);
  const fault = FAULTS.get(error.code) ?? error.message;
  return badFile(`${path}:${String(error['lines'])}`, fault, error);
}
