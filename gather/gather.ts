import { SluiceError } from '../runtime/errors.ts';
import { countClashes, type Clashes } from './clashes.ts';
import { gatherSource, type Destination } from './gather-source.ts';
import type { Subject } from './row.ts';
import type { Source } from './source.ts';

/** What came of all sources together. */
export interface Gathered {
  /** Rows of the sources that were taken. */
  readonly rows: number;
  /** Those of them that are stored now and were not before. */
  readonly stored: number;
  /** Those that say of their point what is stored of it. */
  readonly repeated: number;
  /** Those that say something else; the stored row stays. */
  readonly conflicts: Clashes;
  /** Those that the database did not take. */
  readonly refused: Clashes;
  /** Why sources were left out, one line each. */
  readonly badFiles: readonly string[];
  readonly interrupted: boolean;
}

/** Gathers the sources one after the other; one that is bad is left out as a whole, and the others go on. */
export async function gatherAll(sources: readonly Source[], subject: Subject, to: Destination): Promise<Gathered> {
  let [rows, stored] = [0, 0];
  const conflicts = countClashes();
  const refused = countClashes();
  const badFiles: string[] = [];
  for (const source of sources) {
    try {
      const taken = await gatherSource(source, subject, to);
      if (taken === undefined) break;
      rows += taken.rows;
      stored += taken.stored;
      conflicts.addAll(taken.conflicts);
      refused.addAll(taken.refused);
    } catch (error) {
      if (!(error instanceof SluiceError) || error.code !== 'bad-file') throw error;
      badFiles.push(error.message);
    }
  }
  const clashing = conflicts.counted().count + refused.counted().count;
  return {
    rows,
    stored,
    repeated: rows - stored - clashing,
    conflicts: conflicts.counted(),
    refused: refused.counted(),
    badFiles,
    interrupted: to.stop.aborted,
  };
}
