import type { Log } from '../runtime/log.ts';
import { SluiceError } from '../runtime/errors.ts';
import { pause } from '../runtime/wait.ts';
import { askForUpload } from '../sink/upload/asked.ts';
import type { CloudSettings } from '../sink/upload/cloud-settings.ts';
import { PACE } from '../sink/upload/pace.ts';
import { parseTarget } from '../sink/upload/target.ts';
import { openUploader, wallClock, type Uploader } from '../sink/upload/uploader.ts';
import { lockForUploading, lockUnlessHeld, type WriteLock } from '../store/lock.ts';
import type { UploadStanding } from '../store/outbox.ts';
import type { Store } from '../store/store.ts';
import { bringIn } from './bring-in.ts';

/** Interval at which another process's upload is looked at, and the right to upload is asked for. */
const LOOK_MS = 250;

export interface TableUpload {
  readonly data: string;
  readonly store: Store;
  readonly table: string;
  readonly settings: CloudSettings;
  /** Told why it does not go on, each reason once. */
  readonly onTrouble: (line: string) => void;
  /** Ends it early, with rows behind. */
  readonly signal?: AbortSignal | undefined;
  readonly log: Log;
}

/**
 * Brings what is stored of a table to BigQuery, at once, and resolves with how it stands then: here, or, while another
 * process has the right to upload, by waiting for that one. Throws SluiceError `upload-refused` where a person has to mend
 * something first.
 */
export async function uploadTable(request: TableUpload): Promise<UploadStanding> {
  const { data, store, table, settings, log } = request;
  using held = new DisposableStack();
  const lock = lockUnlessHeld(() => lockForUploading(data), 'upload-running') ?? (await watchOther(request));
  if (lock === undefined) return standingOf(store, table, settings);
  held.adopt(lock, (open) => open.release());
  const commit = async (entry: Parameters<typeof bringIn>[1][number]): Promise<void> => await bringIn(data, [entry]);
  const uploader = held.adopt(openUploader({ data, settings, pace: PACE, clock: wallClock(pause), commit, log }), (open) => open.close());
  await attemptAll(request, uploader);
  return standingOf(store, table, settings);
}

async function attemptAll({ table, onTrouble, signal }: TableUpload, uploader: Uploader): Promise<void> {
  let told = '';
  for (;;) {
    if (signal?.aborted) return;
    const came = await uploader.attempt(table, true);
    if (came.kind === 'idle') return;
    if (came.kind === 'loaded') continue;
    if (came.action === 'person') throw new SluiceError('upload-refused', came.line);
    const seconds = Math.ceil(came.waitMs / 1000);
    if (came.waitMs > 0 && came.line !== told) onTrouble(`${came.line}; trying again${seconds > 5 ? ` in ${seconds} s` : ''}`);
    told = came.line;
    await pause(came.waitMs, signal);
  }
}

/** Waits while another process uploads; the right to upload once that one has left it, undefined where nothing is behind before. */
async function watchOther({ data, store, table, settings, onTrouble, signal }: TableUpload): Promise<WriteLock | undefined> {
  if (standingOf(store, table, settings).behind === 0) return undefined;
  askForUpload(data);
  onTrouble('another process uploads the rows already; waiting for it');
  let told: string | null = null;
  for (;;) {
    const standing = standingOf(store, table, settings);
    if (standing.behind === 0 || signal?.aborted) return undefined;
    if (standing.error !== told && standing.error !== null) onTrouble(standing.error);
    told = standing.error;
    await pause(LOOK_MS, signal);
    const lock = lockUnlessHeld(() => lockForUploading(data), 'upload-running');
    if (lock !== undefined) return lock;
  }
}

/** How the upload of a table stands in the database; throws where that is of before there were uploads, or has no such table. */
export function standingOf(store: Store, table: string, { bigquery }: CloudSettings): UploadStanding {
  const standing = store.outbox(table)?.standing(parseTarget(bigquery).name);
  if (standing === undefined) throw new SluiceError('no-table', `the database has no table ${table} that can be uploaded`);
  return standing;
}
