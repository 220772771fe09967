import type { MessagePort } from 'node:worker_threads';
import { SluiceError, messageOf } from '../../runtime/errors.ts';
import { openLog, type Log } from '../../runtime/log.ts';
import { pause } from '../../runtime/wait.ts';
import { lockForUploading, type WriteLock } from '../../store/lock.ts';
import { encodeEntry, type UploadEntry } from '../../wire/entry.ts';
import type { CommitAnswer, CommitOrder, UploadTask } from './thread-messages.ts';
import { openUploader, wallClock } from './uploader.ts';

/** Interval at which the right to upload is asked for while a `sluice upload` has it, and wait after a fault of ours. */
const AGAIN_MS = 5_000;

/** Keeps the tables uploaded until the thread is ended; what is to be remembered is committed by whoever has `port`'s other end. */
export async function serveUploads(port: MessagePort, { data, settings, pace, logLevel }: UploadTask): Promise<void> {
  const log = await openLog('upload', logLevel);
  const never = new AbortController().signal;
  const commit = openCommits(port);
  // Held by a name: a lock that nothing holds is closed, and thereby given back, by a garbage collection.
  using held = new DisposableStack();
  held.adopt(await takeLock(data, log), (lock) => lock.release());
  for (;;) {
    const uploader = openUploader({ data, settings, pace, clock: wallClock(pause), commit, log });
    try {
      await uploader.keepUp(never);
    } catch (error) {
      log.error({ reason: messageOf(error) }, 'the upload cannot go on at the moment; trying again');
    } finally {
      uploader.close();
    }
    await pause(AGAIN_MS);
  }
}

async function takeLock(data: string, log: Log): Promise<WriteLock> {
  for (let told = false; ; told = true) {
    try {
      return lockForUploading(data);
    } catch (error) {
      if (!told) log.info({ reason: messageOf(error) }, 'the upload begins when another one has ended');
    }
    await pause(AGAIN_MS);
  }
}

/** Has entries committed by the other end of `port`, each answered by its number. */
function openCommits(port: MessagePort): (entry: UploadEntry) => Promise<void> {
  const waiting = new Map<number, { resolve: () => void; reject: (error: Error) => void }>();
  let last = 0;
  port.on('message', ({ id, fault }: CommitAnswer) => {
    const order = waiting.get(id);
    waiting.delete(id);
    if (fault === undefined) order?.resolve();
    else order?.reject(new SluiceError(fault.code, fault.message));
  });
  return async (entry) =>
    await new Promise((resolve, reject) => {
      last += 1;
      waiting.set(last, { resolve, reject });
      port.postMessage({ id: last, bytes: encodeEntry(entry) } satisfies CommitOrder);
    });
}
