import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { silentLog } from '../../../runtime/log.ts';
import { PACE, type Pace } from '../../../sink/upload/pace.ts';
import type { Attempt } from '../../../sink/upload/attempt.ts';
import { openUploader, type Uploader } from '../../../sink/upload/uploader.ts';
import { openWriter, type Writer } from '../../../store/writer.ts';
import type { Definition } from '../../../wire/definition.ts';
import { encodeEntry, type Entry, type RowEntry } from '../../../wire/entry.ts';
import { pointKey } from '../../../wire/point.ts';
import type { Row } from '../../../wire/row.ts';
import { startFakeBigQuery, type FakeBigQuery, type FakeBigQueryOptions } from '../../fake-bigquery/server.ts';

/** The table of the trials. */
export const TABLE = 'trial_table';

/** An experiment of which nothing is known but its specs. */
export const WALK: Definition = { kind: 'program', name: 'walk', version: '1', command: ['walk'], directory: '/', timeoutSeconds: 1 };

/** A fake that ends with the test. */
export async function openFake(options: FakeBigQueryOptions = {}): Promise<FakeBigQuery> {
  const fake = await startFakeBigQuery(options);
  onTestFinished(async () => await fake[Symbol.asyncDispose]());
  return fake;
}

/** A folder that goes with the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-trial-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The row of the point `seed`. */
export function rowOf(seed: number, results: Row = { root: Math.sqrt(seed) }): RowEntry {
  const point = { nrow: 4, seed };
  const provenance = { version: '1', consumer: 'trial', attempt: 1, seconds: 0, finishedAtMs: 0, notes: {} };
  return { kind: 'row', table: TABLE, key: pointKey('svd-block', point), parameters: 2, row: { ...point, ...results }, provenance };
}

/** A database, its writer and its uploader, whose clock moves when it waits and when it is told to. */
export interface Trial {
  readonly data: string;
  readonly writer: Writer;
  readonly uploader: Uploader;
  put(...entries: readonly Entry[]): void;
  /** Attempts until nothing is to be done; the attempts that were made. */
  settle(): Promise<Attempt[]>;
  nowMs(): number;
  advance(milliseconds: number): void;
  close(): void;
}

/** Opens the database in `data`; what it commits is told to `onCommit` first. */
export function openTrial(fake: FakeBigQuery, data: string, options: { readonly pace?: Partial<Pace>; readonly onPause?: (nowMs: number) => void | Promise<void>; readonly definition?: Definition } = {}): Trial {
  const writer = openWriter(data);
  const put = (...entries: readonly Entry[]): void => void writer.apply(entries.map((entry, index) => ({ id: `trial#${index}`, bytes: encodeEntry(entry) })));
  put({ kind: 'plan', table: TABLE, definition: options.definition ?? { kind: 'builtin', name: 'svd-block', version: '1' } });
  let movedMs = 0;
  const nowMs = (): number => Date.now() + movedMs;
  const advance = (milliseconds: number): void => {
    movedMs += milliseconds;
    fake.clock.advance(milliseconds);
  };
  const pause = async (milliseconds: number): Promise<void> => {
    advance(milliseconds);
    await options.onPause?.(nowMs());
    await setImmediate();
  };
  const uploader = openUploader({
    data,
    settings: { bigquery: fake.projectId, endpoint: fake.endpoint },
    pace: { ...PACE, timeoutMs: 1_000, ...options.pace },
    clock: { nowMs, pause },
    commit: async (entry) => put(entry),
    log: silentLog(),
  });
  let open = true;
  const close = (): void => {
    if (open) uploader.close();
    if (open) writer.close();
    open = false;
  };
  onTestFinished(close);
  const settle = async (): Promise<Attempt[]> => {
    const attempts: Attempt[] = [];
    for (;;) {
      const came = await uploader.attempt(TABLE, true);
      attempts.push(came);
      if (came.kind === 'idle') return attempts;
      if (came.kind === 'fault') await pause(came.waitMs);
    }
  };
  return { data, writer, uploader, put, settle, nowMs, advance, close };
}

/** How often each seed is over there. */
export function seedsThere(fake: FakeBigQuery): Map<number, number> {
  const seeds = new Map<number, number>();
  for (const { seed } of fake.table('EMS', TABLE)?.rows() ?? []) seeds.set(Number(seed), (seeds.get(Number(seed)) ?? 0) + 1);
  return seeds;
}
