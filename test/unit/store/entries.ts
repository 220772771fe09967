import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { encodeEntry } from '../../../wire/entry.ts';
import type { FailureEntry, PlanEntry, RowEntry } from '../../../wire/entry.ts';
import { pointKey } from '../../../wire/point.ts';
import type { Point } from '../../../wire/point.ts';
import type { Row } from '../../../wire/row.ts';
import type { RawEntry } from '../../../store/dead-letters.ts';
import { openStore } from '../../../store/store.ts';
import type { Store } from '../../../store/store.ts';
import { openWriter } from '../../../store/writer.ts';
import type { Writer } from '../../../store/writer.ts';

/** The experiment that the tests' tables belong to unless they say otherwise. */
export const EXPERIMENT = 'trial';

/** Takes the counts of failures out of a database, as one of version 2 has none. */
export const DROP_COUNTS =
  'DROP TABLE sluice_failure_counts; DROP TABLE sluice_failure_groups; DROP TRIGGER sluice_failure_added; DROP TRIGGER sluice_failure_removed;';

/** In memory where the system has such a folder: these tests commit often, and each commit waits for the disk. */
const PARENT = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** A folder that is gone when the test is over. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(PARENT, 'sluice-store-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** A writer that is closed when the test is over, if it is not before. */
export function writerIn(directory: string): Writer {
  const writer = openWriter(directory);
  let open = true;
  const close = (): void => {
    if (open) writer.close();
    open = false;
  };
  onTestFinished(close);
  return { apply: (batch) => writer.apply(batch), close };
}

/** A reader that is closed when the test is over. */
export function storeIn(directory: string): Store {
  const store = openStore(directory);
  onTestFinished(() => store.close());
  return store;
}

/** The row of `point` with `results` behind its parameters. */
export function rowEntry(point: Point, results: Row = {}, rest: Partial<RowEntry> = {}): RowEntry {
  return {
    kind: 'row',
    table: 'trial_table',
    key: pointKey(EXPERIMENT, point),
    parameters: Object.keys(point).length,
    row: { ...point, ...results },
    provenance: {
      version: '1',
      consumer: 'node1:42',
      attempt: 1,
      seconds: 0.25,
      finishedAtMs: 1_000.5,
      notes: {},
    },
    ...rest,
  };
}

/** The failure of `point`. */
export function failureEntry(point: Point, rest: Partial<FailureEntry> = {}): FailureEntry {
  return {
    kind: 'failure',
    table: 'trial_table',
    key: pointKey(EXPERIMENT, point),
    point,
    code: 'point-failed',
    message: 'no such luck',
    attempts: 3,
    version: '1',
    consumer: 'node1:42',
    finishedAtMs: 2_000,
    ...rest,
  };
}

/** A plan of the tests' table. */
export function planEntry(rest: Partial<PlanEntry> = {}): PlanEntry {
  return {
    kind: 'plan',
    table: 'trial_table',
    definition: { kind: 'builtin', name: EXPERIMENT, version: '1' },
    spec: '{"params":[{"a":[1,2]}]}',
    ...rest,
  };
}

/** The entries as they come from the stream, with ids of their own. */
export function batchOf(...entries: readonly Parameters<typeof encodeEntry>[0][]): RawEntry[] {
  return entries.map((entry, index) => ({ id: `${Date.now()}-${index}`, bytes: encodeEntry(entry) }));
}

/** A fresh database with the tests' table planned, its writer and its reader. */
export function plannedTable(): { directory: string; writer: Writer; store: Store } {
  const directory = temporaryDirectory();
  const writer = writerIn(directory);
  writer.apply(batchOf(planEntry()));
  return { directory, writer, store: storeIn(directory) };
}
