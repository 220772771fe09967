import type { Log } from '../../runtime/log.ts';
import { openStoreIfPresent, type Store } from '../../store/store.ts';
import type { UploadEntry } from '../../wire/entry.ts';
import { takeAsked } from './asked.ts';
import { openAttempts, type Attempt, type TableAttempts } from './attempt.ts';
import { openBigQuery } from './bigquery.ts';
import { checkCloudSettings, type CloudSettings } from './cloud-settings.ts';
import { isWaiting, type Pace, type Waiting } from './pace.ts';
import type { Clock, UploadGround } from './table-upload.ts';
import type { Warehouse } from './warehouse.ts';

export interface UploaderOptions {
  /** The data folder. */
  readonly data: string;
  readonly settings: CloudSettings;
  readonly pace: Pace;
  readonly clock: Clock;
  /** Puts an entry into the database by its one writer; resolves once it is committed. */
  readonly commit: (entry: UploadEntry) => Promise<void>;
  readonly log: Log;
}

/** The uploads of the tables of one database to one target. */
export interface Uploader {
  /** Tries at `table`; never rejects. With `atOnce` a small backlog does not wait to grow. */
  attempt(table: string, atOnce: boolean): Promise<Attempt>;
  /** Keeps all tables uploaded until `stop` aborts. */
  keepUp(stop: AbortSignal): Promise<void>;
  close(): void;
}

/** Opens nothing before it is needed; throws SluiceErrors for settings that cannot be right. */
export function openUploader(options: UploaderOptions): Uploader {
  const { data, pace, clock, commit, log } = options;
  const target = checkCloudSettings(options.settings);
  const attempts = new Map<string, TableAttempts>();
  let store: Store | undefined;
  let warehouse: Promise<Warehouse> | undefined;
  const open = async (): Promise<Warehouse> => {
    warehouse ??= openBigQuery(options.settings, pace, (line) => log.warn(line));
    try {
      return await warehouse;
    } catch (error) {
      // What kept it from opening, such as a key that is not there yet, may have been mended by the next time.
      warehouse = undefined;
      throw error;
    }
  };
  const groundOf = (opened: Store): UploadGround => ({
    store: opened,
    target,
    open,
    record: async (what) => await commit({ ...what, kind: 'upload', target: target.name, atMs: clock.nowMs() }),
    clock,
    pace,
  });

  const attempt = async (table: string, atOnce: boolean): Promise<Attempt> => {
    store ??= openStoreIfPresent(data);
    if (store === undefined) return { kind: 'idle', waitMs: Infinity };
    const tries = attempts.get(table) ?? openAttempts(table, pace);
    attempts.set(table, tries);
    const came = await tries.next(groundOf(store), atOnce);
    if (came.kind === 'loaded' && came.rows > 0) log.info({ table, rows: came.rows, target: target.name }, 'rows are in BigQuery');
    if (came.kind === 'fault') {
      if (came.waitMs > 0) log.warn({ table, reason: came.line, nextTryMs: Math.round(came.waitMs) }, 'rows are not in BigQuery yet; it is tried again');
      // What a person mends, such as a key, is read anew.
      if (came.action === 'person') warehouse = undefined;
    }
    return came;
  };

  return {
    attempt,
    keepUp: async (stop) => {
      const waits = new Map<string, Waiting>();
      let atOnce = false;
      while (!stop.aborted) {
        if (takeAsked(data)) {
          atOnce = true;
          waits.clear();
        }
        store ??= openStoreIfPresent(data);
        let loaded = false;
        for (const table of store?.tables() ?? []) {
          if (stop.aborted || isWaiting(waits.get(table), clock.nowMs())) continue;
          const came = await attempt(table, atOnce);
          if (came.kind === 'loaded') loaded = true;
          if (came.kind === 'fault') waits.set(table, { fromMs: clock.nowMs(), forMs: came.waitMs });
        }
        if (loaded) continue;
        atOnce = false;
        await clock.pause(pace.lookMs);
      }
    },
    close: () => store?.close(),
  };
}

/** The clock on the wall. */
export function wallClock(pause: (milliseconds: number) => Promise<void>): Clock {
  return { nowMs: () => Date.now(), pause };
}
