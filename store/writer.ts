import { messageOf } from '../runtime/errors.ts';
import { decodeEntry } from '../wire/entry.ts';
import type { Entry } from '../wire/entry.ts';
import { openApplier } from './apply.ts';
import type { Applier } from './apply.ts';
import type { Connection } from './database.ts';
import type { RawEntry } from './dead-letters.ts';
import { closeWriter, databasePath, openForWriting } from './open.ts';
import { isContentError, storeError, translated } from './sqlite-error.ts';
import { openTally } from './tally.ts';
import type { BatchResult, Report } from './tally.ts';
import { Unfit } from './unfit.ts';

/** The writer of a database: the caller sees to it that there is one only (store/lock.ts). */
export interface Writer {
  /**
   * Applies the entries in their order, in one transaction, durable on return. An entry that cannot be
   * applied becomes a dead letter and does not stop the others.
   *
   * Throws SluiceError `database-full`, `database-io`, `database-busy` or `database-damaged` with nothing of
   * the batch written; the same batch may be applied again later. Applying a batch twice is harmless.
   */
  apply(batch: readonly RawEntry[]): BatchResult;
  /** Leaves the database as one file; no call may follow. */
  close(): void;
}

/** An entry of a batch as far as it is understood. */
interface Decoded {
  readonly raw: RawEntry;
  readonly entry: Entry | undefined;
  readonly unfit: Unfit | undefined;
}

/** The writer of DATA/sluice.db3, both created where absent; throws SluiceErrors as openForWriting does. */
export function openWriter(dataDirectory: string): Writer {
  return writerOver(openForWriting(dataDirectory), databasePath(dataDirectory));
}

/** The writer of the database at `path` behind `connection`, which it closes in the end. */
export function writerOver(connection: Connection, path: string): Writer {
  const applier = openApplier(connection);
  return {
    apply: (batch) => {
      const refused = new Map<number, Unfit>();
      const decoded = batch.map(decode);
      for (;;) {
        const result = tryBatch(connection, applier, decoded, refused, path);
        if (result !== undefined) return result;
      }
    },
    close: () => closeWriter(connection),
  };
}

function decode(raw: RawEntry): Decoded {
  try {
    return { raw, entry: decodeEntry(raw.bytes), unfit: undefined };
  } catch (thrown) {
    return { raw, entry: undefined, unfit: new Unfit('undecodable', messageOf(thrown)) };
  }
}

/**
 * The result of the batch, committed; undefined, with nothing written, where SQLite refused one entry's
 * content. That entry is then in `refused`, and the batch is to be tried again.
 *
 * So no entry needs a savepoint of its own, which would copy every page that a row touches.
 */
function tryBatch(
  connection: Connection,
  applier: Applier,
  batch: readonly Decoded[],
  refused: Map<number, Unfit>,
  path: string,
): BatchResult | undefined {
  const tally = openTally();
  const atMs = Date.now();
  let current = -1;
  try {
    connection.exec('BEGIN IMMEDIATE');
    for (const [index, { raw, entry, unfit }] of batch.entries()) {
      current = index;
      const reason =
        unfit ?? refused.get(index) ?? (entry && reasonAgainst(applier, entry, atMs, tally.report));
      if (entry !== undefined) tally.weigh(entry.table, raw.bytes.length);
      if (reason !== undefined) applier.reject(raw, reason, entry, atMs, tally.report);
    }
    current = -1;
    connection.exec('COMMIT');
    return tally.result();
  } catch (thrown) {
    translated(path, () => rollBack(connection, applier));
    if (current < 0 || refused.has(current) || !isContentError(thrown)) throw storeError(thrown, path);
    refused.set(current, new Unfit('refused', messageOf(thrown)));
    return undefined;
  }
}

/** Why the entry cannot be applied; undefined once it is. */
function reasonAgainst(applier: Applier, entry: Entry, atMs: number, report: Report): Unfit | undefined {
  try {
    applier.apply(entry, atMs, report);
    return undefined;
  } catch (thrown) {
    if (thrown instanceof Unfit) return thrown;
    throw thrown;
  }
}

function rollBack(connection: Connection, applier: Applier): void {
  applier.forget();
  // SQLite rolls back by itself after some errors, a full disk among them.
  if (connection.inTransaction()) connection.exec('ROLLBACK');
}
