import { messageOf } from '../runtime/errors.ts';
import { decodeEntry } from '../wire/entry.ts';
import type { Entry, FailureEntry, PlanEntry, RowEntry } from '../wire/entry.ts';
import { pointKey } from '../wire/point.ts';
import type { Point } from '../wire/point.ts';
import { badRow, isPoint, pointOf } from './bad-row.ts';
import type { Connection } from './database.ts';
import { openDeadLetters } from './dead-letters.ts';
import type { RawEntry } from './dead-letters.ts';
import { openFailureWriter } from './failure-writer.ts';
import { openOutboxWriter } from './outbox-writer.ts';
import { isContentError } from './sqlite-error.ts';
import { openTableRegistry } from './table-registry.ts';
import { prepareKeys } from './table-writer.ts';
import type { TableWriter } from './table-writer.ts';
import type { Report } from './tally.ts';
import { Unfit } from './unfit.ts';

/** Applies entries within an open transaction. */
export interface Applier {
  /** Throws Unfit, having written nothing, for an entry that cannot be applied, and SQLite's errors. */
  apply(entry: Entry, atMs: number, report: Report): void;
  /**
   * Keeps what cannot be applied as a dead letter; `entry` is undefined where the bytes are none. The point
   * of a row that its table cannot take fails with it, so that it is not computed again and again.
   */
  reject(raw: RawEntry, unfit: Unfit, entry: Entry | undefined, atMs: number, report: Report): void;
  /** Forgets what it knows of the tables: to be called after every ROLLBACK. */
  forget(): void;
}

/** The applier of entries to the database behind `connection`. */
export function openApplier(connection: Connection): Applier {
  const keys = prepareKeys(connection);
  const tables = openTableRegistry(connection, keys);
  const failures = openFailureWriter(connection);
  const deadLetters = openDeadLetters(connection);
  const outbox = openOutboxWriter(connection);

  function applyRow(entry: RowEntry, atMs: number): boolean {
    const table = tables.require(entry.table);
    checkKey(table.experiment, pointOf(entry), entry.key);
    const stored = table.insert(entry, atMs);
    if (stored) failures.forget(table.id, [entry.key]);
    return stored;
  }

  function applyFailure(entry: FailureEntry, atMs: number): boolean {
    const { id, experiment } = tables.require(entry.table);
    checkKey(experiment, entry.point, entry.key);
    return keys.find.get([id, entry.key]) === undefined && failures.record(id, entry, atMs);
  }

  function applyPlan(entry: PlanEntry, atMs: number, report: Report): void {
    const isNew = tables.plan(entry, atMs);
    report('plan', entry.table);
    if (isNew) for (const raw of deadLetters.takeWaiting(entry.table)) applyWaiting(raw, atMs, report);
  }

  /** An entry that waited for its table's plan must not undo the plan, so it has a savepoint of its own. */
  function applyWaiting(raw: RawEntry, atMs: number, report: Report): void {
    let entry: Entry | undefined;
    connection.exec('SAVEPOINT waiting');
    try {
      entry = decodeEntry(raw.bytes);
      apply(entry, atMs, report);
    } catch (thrown) {
      if (!(thrown instanceof Unfit) && !isContentError(thrown)) throw thrown;
      connection.exec('ROLLBACK TO waiting');
      tables.forget();
      reject(
        raw,
        thrown instanceof Unfit ? thrown : new Unfit('refused', messageOf(thrown)),
        entry,
        atMs,
        report,
      );
    }
    connection.exec('RELEASE waiting');
  }

  function apply(entry: Entry, atMs: number, report: Report): void {
    switch (entry.kind) {
      case 'row':
        return applyRow(entry, atMs) ? report('row', entry.table, entry.provenance.seconds) : report('duplicate', entry.table);
      case 'failure':
        return report(applyFailure(entry, atMs) ? 'failure' : 'duplicate', entry.table);
      case 'plan':
        return applyPlan(entry, atMs, report);
      case 'retry': {
        // Of a table that is unknown nothing is recorded, so nothing needs forgetting.
        const table = tables.find(entry.table);
        return table === undefined ? undefined : failures.forget(table.id, entry.keys);
      }
      case 'cancel':
        return tables.cancel(entry.table);
      case 'upload':
        return outbox.record(tables.require(entry.table).id, entry);
    }
  }

  function reject(raw: RawEntry, unfit: Unfit, entry: Entry | undefined, atMs: number, report: Report): void {
    const table = entry === undefined ? undefined : tables.known(entry.table);
    const added = deadLetters.add(raw, unfit, entry?.table, atMs);
    const failed = table !== undefined && entry?.kind === 'row' && failPoint(table, entry, unfit, atMs);
    if (failed) report('failure', table.name);
    if (added) report('dead-letter', table?.name);
    else if (!failed) report('duplicate', undefined);
  }

  /** Records that the point of `entry`, whose row is unfit, has failed; false where that changes nothing. */
  function failPoint(table: TableWriter, entry: RowEntry, unfit: Unfit, atMs: number): boolean {
    const failure = badRow(entry, unfit);
    if (!isPoint(failure.point) || pointKey(table.experiment, failure.point) !== entry.key) return false;
    return keys.find.get([table.id, entry.key]) === undefined && failures.record(table.id, failure, atMs);
  }

  return { apply, reject, forget: () => tables.forget() };
}

/** Throws Unfit unless `key` is that of `point` under `experiment`: rows of another one must not mix in. */
function checkKey(experiment: string, point: Point, key: string): void {
  if (pointKey(experiment, point) === key) return;
  throw new Unfit(
    'other-experiment',
    `its key is not that of its point under the experiment "${experiment}"`,
  );
}
