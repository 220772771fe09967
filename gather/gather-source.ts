import type { Store } from '../store/store.ts';
import type { Definition } from '../wire/definition.ts';
import { GATHERED_VERSION, type Entry, type RowEntry } from '../wire/entry.ts';
import { pointKey } from '../wire/point.ts';
import type { Row } from '../wire/row.ts';
import { countClashes, type Clashes } from './clashes.ts';
import { difference } from './difference.ts';
import { openRowMaker, type GatheredRow, type Subject } from './row.ts';
import type { Source } from './source.ts';
import { openStaging } from './staging.ts';

/** Where gathered rows go. */
export interface Destination {
  /** The data folder. */
  readonly data: string;
  readonly table: string;
  readonly definition: Definition;
  /** Names this gathering in the provenance of its rows, and no other one. */
  readonly consumer: string;
  /** The database, once there is one. */
  store(): Store | undefined;
  /** Resolves once these files of the spool are committed, or when `stop` aborts. */
  committed(files: readonly string[]): Promise<void>;
  readonly stop: AbortSignal;
  /** What is to be recorded beside the rows. */
  readonly notes?: Notes | undefined;
}

/** What is recorded beside the rows of a source, in their order. */
export interface Notes {
  /** Before them. */
  readonly first: Entry;
  /** Before the row of this key, also where it is stored already. */
  of(key: string): Entry;
  /** Behind them. */
  readonly last: Entry;
}

/** What came of a source. */
export interface Taken {
  /** Rows that it has. */
  readonly rows: number;
  /** Those of them that are stored now and were not before. */
  readonly stored: number;
  /** Those whose point has another row; that one stays. */
  readonly conflicts: Clashes;
  /** Those that the database did not take. */
  readonly refused: Clashes;
}

/**
 * Brings the rows of `source` into the database by the spool, all of them or, where one is bad, none; undefined where it was
 * to stop. Throws `bad-file`. Rows are compared with the stored ones as they are read; those of points that come twice in
 * the source are found by their number, and then it is read once more.
 */
export async function gatherSource(source: Source, subject: Subject, to: Destination): Promise<Taken | undefined> {
  const conflicts = countClashes();
  const known = to.store();
  const staging = openStaging(to.data);
  let [rows, fresh] = [0, 0];
  const before = known?.lastRowId(to.table) ?? 0;
  try {
    for await (const { gathered, key, place } of rowsOf(source, subject, to)) {
      if (rows === 0) for (const entry of opening(to, known)) staging.add(entry);
      rows += 1;
      if (to.notes !== undefined) staging.add(to.notes.of(key));
      const stored = known?.row(to.table, key);
      if (stored !== undefined) conflicts.add(place, differenceOf(gathered, stored));
      else {
        staging.add(rowEntry(source, to, key, gathered, place));
        fresh += 1;
      }
    }
    if (to.stop.aborted) return undefined;
    if (to.notes !== undefined && rows > 0) staging.add(to.notes.last);
    const files = staging.publish();
    if (files.length > 0) await to.committed(files);
  } finally {
    staging.discard();
  }
  if (to.stop.aborted) return undefined;
  const stored = fresh === 0 ? 0 : (to.store()?.storedFrom(to.table, to.consumer, before) ?? 0);
  return stored === fresh ? { rows, stored, conflicts: conflicts.counted(), refused: countClashes().counted() } : { rows, stored, ...(await compareAll(source, subject, to)) };
}

/** What goes before the first row. */
function opening({ table, definition, notes }: Destination, known: Store | undefined): Entry[] {
  // Its rows were computed elsewhere: the plan of a table that is new asks for none.
  const plan = { kind: 'plan' as const, table, definition };
  return [...(known?.table(table) === undefined ? [plan] : []), ...(notes === undefined ? [] : [notes.first])];
}

function differenceOf({ point, row }: GatheredRow, stored: Row): string | undefined {
  return difference(stored, row, new Set(Object.keys(point)));
}

/** The clashes of all rows of a source with what is stored by now. */
async function compareAll(source: Source, subject: Subject, to: Destination): Promise<Pick<Taken, 'conflicts' | 'refused'>> {
  const conflicts = countClashes();
  const refused = countClashes();
  const store = to.store();
  for await (const { gathered, key, place } of rowsOf(source, subject, to)) {
    const stored = store?.row(to.table, key);
    if (stored === undefined) refused.add(place, reasonOf(store, to.table));
    else conflicts.add(place, differenceOf(gathered, stored));
  }
  return { conflicts: conflicts.counted(), refused: refused.counted() };
}

/** The rows of a source until it is to stop. */
async function* rowsOf(source: Source, subject: Subject, to: Destination): AsyncGenerator<{ gathered: GatheredRow; key: string; place: string }> {
  const make = openRowMaker(subject);
  for await (const record of source.records()) {
    if (to.stop.aborted) return;
    const gathered = make(record);
    yield { gathered, key: pointKey(to.definition.name, gathered.point), place: record.place };
  }
}

function reasonOf(store: Store | undefined, table: string): string {
  return `the database did not take it: ${store?.latestDeadLetter(table)?.reason ?? 'see the log of the sink'}`;
}

function rowEntry(source: Source, { table, consumer }: Destination, key: string, { point, row }: GatheredRow, place: string): RowEntry {
  const provenance = { version: GATHERED_VERSION, consumer, attempt: 1, seconds: 0, finishedAtMs: source.writtenAtMs, notes: { from: place } };
  return { kind: 'row', table, key, parameters: Object.keys(point).length, row: { ...row }, provenance };
}
