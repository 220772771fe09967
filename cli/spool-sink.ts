import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { SluiceError } from '../runtime/errors.ts';
import type { Log } from '../runtime/log.ts';
import { pause } from '../runtime/wait.ts';
import { openSpoolInlet } from '../sink/spool-inlet.ts';
import { lockForWriting } from '../store/lock.ts';
import { openWriterThread } from '../store/writer-thread.ts';

/** Interval at which the spool is looked at while another process's sink takes it in; that one looks every second. */
const LOOK_MS = 50;

/** Looks between two tries to take the place of a sink that has left. */
const LOOKS_PER_TRY = 20;

/** Takes in what comes by the spool, or sees to it that the sink which runs does. */
export interface SpoolSink extends AsyncDisposable {
  /** Takes the place of the sink where none runs, so that a database which cannot be written is told of at once. */
  ready(): Promise<void>;
  /** Resolves once these files of the spool are committed, or when the stop is asked for. */
  committed(files: readonly string[]): Promise<void>;
}

/** The part of a sink that serves the spool of the data folder `data`; it needs no broker. */
export function openSpoolSink(data: string, stop: AbortSignal, log: Log): SpoolSink {
  const held = new AsyncDisposableStack();
  const inlet = openSpoolInlet(resolve(data), log);
  let writer: ReturnType<typeof openWriterThread> | undefined;
  const ready = async (): Promise<void> => {
    if (writer !== undefined || !tookLock(data, held)) return;
    writer = held.adopt(openWriterThread(data), async (open) => await open.close());
    await writer.opened;
  };
  const takeIn = async (): Promise<void> => {
    for (const file of writer === undefined ? [] : inlet.files()) {
      await writer?.apply(file.entries);
      file.remove();
    }
  };
  return {
    ready,
    committed: async (files) => {
      for (let look = 0; !stop.aborted; look += 1) {
        if (look % LOOKS_PER_TRY === 0) await ready();
        await takeIn();
        const left = files.find((file) => existsSync(file));
        if (left === undefined) return;
        if (writer !== undefined) throw new SluiceError('spool', `${left} was taken in and cannot be removed; remove it by hand`);
        await pause(LOOK_MS, stop);
      }
    },
    [Symbol.asyncDispose]: async () => await held.disposeAsync(),
  };
}

/** Whether the right to write the database is ours now; false where a sink has it. */
function tookLock(data: string, held: AsyncDisposableStack): boolean {
  try {
    held.adopt(lockForWriting(data), (lock) => lock.release());
    return true;
  } catch (error) {
    if (error instanceof SluiceError && error.code === 'sink-running') return false;
    throw error;
  }
}
