import { SluiceError } from '../runtime/errors.ts';
import type { Scalar } from '../wire/point.ts';

/** What a cell of gathered rows holds: a vector where a whole one was kept in it, undefined where a column of such has none. */
export type SourceCell = Scalar | Float64Array | undefined;

/** One row of a gathered file or table, as it stands there. */
export interface SourceRecord {
  /** Where it stands, as messages name it: `out/1.csv:7`. */
  readonly place: string;
  /** The same within its source: a line, or a row's number. */
  readonly line: number;
  /** Where its header stands. */
  readonly headerPlace: string;
  /** Names of the columns; the same list for every record of a reading. */
  readonly header: readonly string[];
  readonly cells: readonly SourceCell[];
}

/** A file, or a table of a database, whose rows are gathered. */
export interface Source {
  /** As messages name it. */
  readonly name: string;
  /** When it was last written, in milliseconds since 1970: its rows were computed by then. */
  readonly writtenAtMs: number;
  /**
   * The records from the first on, at least one; each call reads anew. Holds one record at a time. Throws SluiceError
   * `bad-file`, which names the line, where the source is not what it should be.
   */
  records(): AsyncIterable<SourceRecord> | Iterable<SourceRecord>;
}

/** The error of a source at `place`, of which nothing is taken then. */
export function badFile(place: string, fault: string, cause?: unknown): SluiceError {
  return new SluiceError('bad-file', `${place}: ${fault}`, cause === undefined ? {} : { cause });
}
