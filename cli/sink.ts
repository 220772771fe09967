import { resolve } from 'node:path';
import { connectBroker } from '../runtime/broker.ts';
import { requireBroker } from '../runtime/broker-file.ts';
import { listenForStop } from '../runtime/signals.ts';
import { unlessStopped } from '../runtime/wait.ts';
import { startSink } from '../sink/serve.ts';
import { startUploadThread } from '../sink/upload/thread.ts';
import { lockForWriting } from '../store/lock.ts';
import { openStoreIfPresent } from '../store/store.ts';
import { openWriter } from '../store/writer.ts';
import { cloudSettingsOf } from './cloud-settings.ts';
import { logOf, settingsOf, type Invocation } from './command.ts';

/** Time that Redis has to give the lease to a sink that is to stop: one that has died never does. */
const LEASE_MS = 1_000;

/** `sluice sink`: the one writer of the database, until a signal. */
export async function sink(invocation: Invocation): Promise<void> {
  const settings = settingsOf(invocation);
  const cloud = cloudSettingsOf(settings);
  // Before anything is written beside a database that is not ours.
  openStoreIfPresent(settings.data)?.close();
  const log = await logOf(invocation, 'sink', settings);
  using stop = listenForStop();
  if (invocation.options['supervised'] === true) stop.followStandardInput();
  await using broker = await connectBroker(await requireBroker(settings));
  using held = new DisposableStack();
  held.adopt(lockForWriting(settings.data), (lock) => lock.release());
  const writer = held.adopt(openWriter(settings.data), (open) => open.close());
  const data = resolve(settings.data);
  const starting = startSink({ broker, writer, data, batchRows: settings.batchRows, batchMs: settings.batchMs, log });
  const running = await unlessStopped(starting, stop.signal, LEASE_MS).catch((error: unknown) => {
    if (!stop.signal.aborted) throw error;
    return undefined;
  });
  if (running === undefined) return stop.settle();
  log.info({ data }, 'sink commits rows');
  stop.onRequest(() => running.stop());
  await using uploads = new AsyncDisposableStack();
  if (cloud !== undefined) uploads.use(startUploadThread({ data, settings: cloud, writer, log }));
  const sunk = await running.left;
  invocation.output.result(sunk, [`sink left: ${sunk.rows} rows, ${sunk.failures} failures, ${sunk.deadLetters} dead letters committed`]);
  await uploads.disposeAsync();
  held.dispose();
  stop.settle();
}
