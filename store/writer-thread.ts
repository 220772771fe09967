import { Worker } from 'node:worker_threads';
import { SluiceError } from '../runtime/errors.ts';
import type { RawEntry } from './dead-letters.ts';
import type { BatchResult } from './tally.ts';
import { packBatch, type WriterAnswer, type WriterOrder } from './writer-messages.ts';

/** A writer in a thread of its own, so that waiting for the disk never holds up the event loop of its owner. */
export interface WriterThread {
  /** Resolves once the database is open; rejects as openWriter throws. */
  readonly opened: Promise<void>;
  /** As Writer's `apply`; one batch at a time. */
  apply(batch: readonly RawEntry[]): Promise<BatchResult>;
  /** As Writer's `close`; the thread is gone when it resolves. */
  close(): Promise<void>;
}

/** Starts the thread and opens the writer of DATA/sluice.db3 in it; the caller holds the lock (store/lock.ts). */
export function openWriterThread(data: string): WriterThread {
  const worker = new Worker(new URL('writer-worker.mjs', import.meta.url), { workerData: data });
  const ended = new Promise<void>((done) => worker.once('exit', () => done()));
  const answers = answersOf(worker);
  const order = async (message: WriterOrder, transfer: ArrayBuffer[] = []): Promise<BatchResult | undefined> => {
    const answer = answers.next();
    worker.postMessage(message, transfer);
    return await answer;
  };
  const opened = answers.next().then(() => {});
  opened.catch(() => {});
  return {
    opened,
    apply: async (batch) => {
      await opened;
      const packed = packBatch(batch);
      const result = await order({ kind: 'apply', batch: packed }, [packed.bytes]);
      if (result === undefined) throw new SluiceError('writer', 'the writer of the database gave no result');
      return result;
    },
    close: async () => {
      await opened.then(() => order({ kind: 'close' })).catch(() => {});
      await worker.terminate();
      await ended;
    },
  };
}

/** The thread's answers in their order; every one that is awaited rejects once the thread has died. */
function answersOf(worker: Worker): { next(): Promise<BatchResult | undefined> } {
  const waiting: { resolve: (result: BatchResult | undefined) => void; reject: (error: Error) => void }[] = [];
  let death: Error | undefined;
  worker.on('message', (answer: WriterAnswer) => {
    const next = waiting.shift();
    if (answer.kind === 'done') next?.resolve(answer.result);
    else next?.reject(new SluiceError(answer.code, answer.message, { exitCode: answer.exitCode }));
  });
  const die = (error: Error): void => {
    death ??= error;
    for (const { reject } of waiting.splice(0)) reject(death);
  };
  worker.on('error', (error) => die(error instanceof Error ? error : new Error(String(error))));
  worker.on('exit', () => die(new SluiceError('writer', 'the thread that writes the database has ended')));
  return {
    next: async () =>
      await new Promise((resolve, reject) => {
        if (death === undefined) waiting.push({ resolve, reject });
        else reject(death);
      }),
  };
}
