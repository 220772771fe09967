import { createReadStream, statSync } from 'node:fs';
import { pipeline } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import type { Parser } from 'csv-parse';
import { SluiceError, messageOf } from '../runtime/errors.ts';
import { cellOf } from './cell.ts';
import { badFile, type Source, type SourceRecord } from './source.ts';
import { checkedUtf8 } from './utf8.ts';

/** Longest line, in bytes: a row of a million numbers. A longer one is no row, and would take as much memory. */
const MAX_LINE_BYTES = 32 * 2 ** 20;

/** Bytes read at once: a few rows of a thousand numbers. */
const PIECE_BYTES = 256 * 2 ** 10;

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

/**
 * The CSV file at `path`: UTF-8 with or without its mark, lines that end with LF or CRLF, a header, and rows of as many
 * cells (RFC 4180). Empty lines are passed over. Its memory is that of a line, which is bounded.
 */
export function csvFile(path: string): Source {
  return { name: path, writtenAtMs: statSync(path).mtimeMs, records: () => recordsOf(path) };
}

async function* recordsOf(path: string): AsyncGenerator<SourceRecord> {
  let header: readonly string[] | undefined;
  let headerPlace = path;
  let records = 0;
  for await (const { record, info } of parsedFrom(path)) {
    // A quoted text may span lines: the record is named by its last one.
    const line = info.lines;
    if (header === undefined) {
      header = record;
      headerPlace = `${path}:${line}`;
      continue;
    }
    const place = `${path}:${line}`;
    if (record.length !== header.length) throw badFile(place, `expected ${header.length} cells as in the header, found ${record.length}`);
    records += 1;
    yield { place, line, headerPlace, header, cells: cellsOf(record, place, header) };
  }
  if (header === undefined) throw badFile(path, 'it is empty; expected a header and rows');
  if (records === 0) throw badFile(path, 'it has a header and no rows');
}

function cellsOf(record: readonly string[], place: string, header: readonly string[]): SourceRecord['cells'] {
  return record.map((text, at) => {
    try {
      return cellOf(text);
    } catch (error) {
      throw badFile(place, `column "${header[at]}": ${messageOf(error)}`, error);
    }
  });
}

async function* parsedFrom(path: string): AsyncGenerator<Parsed> {
  const parser = parse({ bom: true, info: true, relax_column_count: true, skip_empty_lines: true, max_record_size: MAX_LINE_BYTES });
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
