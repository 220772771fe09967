import { resolve } from 'node:path';
import type { Broker } from '../runtime/broker.ts';
import type { Log } from '../runtime/log.ts';
import { clearQueue } from '../runtime/queue.ts';
import { readRegistrations } from '../runtime/registration.ts';
import type { Settings } from '../runtime/settings.ts';
import { drained } from '../sink/drained.ts';
import { startSink } from '../sink/serve.ts';
import { startUploadThread } from '../sink/upload/thread.ts';
import type { WriterThread } from '../store/writer-thread.ts';
import { cloudSettingsOf } from './cloud-settings.ts';
import type { Watch } from './run-watch.ts';

/** Time that rows computed at an interruption have to reach the database. */
const DRAIN_MS = 10_000;

/** Time that what an earlier run left in a private Redis has to reach the database. */
const TAKE_OVER_MS = 60_000;

/**
 * Commits by `writer` what comes through the broker, and tells `watch` of it. Its disposal lets what is on its way be
 * committed first, unless a fault ended the run.
 */
export async function openOwnSink(
  settings: Settings,
  broker: Broker,
  writer: WriterThread,
  watch: Watch,
  log: Log,
): Promise<AsyncDisposable> {
  const { batchRows, batchMs, data } = settings;
  await writer.opened;
  const sink = await startSink({
    broker,
    writer,
    data: resolve(data),
    batchRows,
    batchMs,
    onCommit: (result) => watch.committed(result),
    onFault: (error) => watch.fail(error),
    log,
  });
  const cloud = cloudSettingsOf(settings);
  const uploads = cloud === undefined ? undefined : startUploadThread({ data: resolve(data), settings: cloud, writer, log });
  watch.whenAllDelivered(() => sink.flush());
  sink.left.catch((error: unknown) => watch.fail(error));
  return {
    [Symbol.asyncDispose]: async () => {
      // With Redis away there is nothing to wait for.
      const mayDrain = watch.fault === undefined && broker.redis.status === 'ready';
      if (mayDrain) await drained(broker, DRAIN_MS).catch(() => {});
      sink.stop();
      await uploads?.[Symbol.asyncDispose]();
      await sink.left;
    },
  };
}

/** Lets the rows that an earlier run left in its Redis be committed, and drops its jobs: their consumers are gone. */
export async function takeOver(broker: Broker): Promise<void> {
  await drained(broker, TAKE_OVER_MS);
  for (const table of (await readRegistrations(broker)).keys()) await clearQueue(broker, table);
}
