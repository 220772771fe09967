import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { SluiceError, messageOf } from '../../runtime/errors.ts';
import type { Log } from '../../runtime/log.ts';
import { pause } from '../../runtime/wait.ts';
import type { RawEntry } from '../../store/dead-letters.ts';
import type { BatchResult } from '../../store/tally.ts';
import { checkCloudSettings, type CloudSettings } from './cloud-settings.ts';
import { findKeyFile } from './key-file.ts';
import { PACE, type Pace } from './pace.ts';
import type { CommitAnswer, CommitOrder, UploadTask } from './thread-messages.ts';

/** Wait before a thread that has fallen is started again. */
const AGAIN_MS = 5_000;

export interface UploadThreadOptions {
  /** The data folder, absolute. */
  readonly data: string;
  readonly settings: CloudSettings;
  /** The one writer of its database. */
  readonly writer: { apply(batch: readonly RawEntry[]): BatchResult | Promise<BatchResult> };
  readonly log: Log;
  readonly pace?: Pace | undefined;
}

/**
 * Keeps the tables of a database uploaded, in a thread of its own: encoding and sending never hold up a commit, and what
 * is to be remembered is committed by the sink's writer, a line or two at a time. Its end leaves a batch under way as it
 * is: the next uploader looks it up. Throws SluiceErrors for settings that cannot be right; a key that is missing or
 * wrong is logged, and looked for again.
 */
export function startUploadThread({ data, settings, writer, log, pace = PACE }: UploadThreadOptions): AsyncDisposable {
  const target = checkCloudSettings(settings);
  tellOfKey(settings, log);
  const task: UploadTask = { data, settings, pace, logLevel: log.level };
  const ended = new AbortController();
  let worker = startWorker(task, writer, log);
  const keepUp = async (): Promise<void> => {
    while (!ended.signal.aborted) {
      // An error comes before the exit, and is told of where it is listened for.
      await once(worker, 'exit').catch(() => {});
      await pause(AGAIN_MS, ended.signal);
      if (!ended.signal.aborted) worker = startWorker(task, writer, log);
    }
  };
  const kept = keepUp();
  log.info({ target: target.name }, 'rows are uploaded to BigQuery');
  return {
    [Symbol.asyncDispose]: async () => {
      ended.abort();
      await worker.terminate();
      await kept;
    },
  };
}

function startWorker(task: UploadTask, writer: UploadThreadOptions['writer'], log: Log): Worker {
  const worker = new Worker(new URL('upload-worker.mjs', import.meta.url), { workerData: task });
  worker.on('message', ({ id, bytes }: CommitOrder) => {
    const answer = (fault: CommitAnswer['fault']): void => worker.postMessage({ id, fault } satisfies CommitAnswer, []);
    void commit(writer, bytes).then(() => answer(undefined), (error: unknown) => answer({ code: error instanceof SluiceError ? error.code : 'writer', message: messageOf(error) }));
  });
  // An error of the client may carry the request with its token: its message alone is told.
  worker.on('error', (error) => log.error({ reason: messageOf(error) }, 'the upload has fallen and is started again; rows are stored all the same'));
  return worker;
}

async function commit(writer: UploadThreadOptions['writer'], bytes: Uint8Array): Promise<void> {
  const result = await writer.apply([{ id: 'upload', bytes: Buffer.from(bytes) }]);
  if (result.deadLetters > 0) throw new SluiceError('writer', 'the database does not take what the upload has come to');
}

function tellOfKey({ credentials }: CloudSettings, log: Log): void {
  try {
    if (credentials !== undefined) findKeyFile(credentials);
  } catch (error) {
    log.error({ reason: messageOf(error) }, 'BigQuery gets no rows for now; they are stored all the same');
  }
}
