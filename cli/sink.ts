import { resolve } from 'node:path';
import { connectBroker } from '../runtime/broker.ts';
import { requireBroker } from '../runtime/broker-file.ts';
import { listenForStop } from '../runtime/signals.ts';
import { startSink } from '../sink/serve.ts';
import { lockForWriting } from '../store/lock.ts';
import { openStoreIfPresent } from '../store/store.ts';
import { openWriter } from '../store/writer.ts';
import { logOf, settingsOf, type Invocation } from './command.ts';

/** `sluice sink`: the one writer of the database, until a signal. */
export async function sink(invocation: Invocation): Promise<void> {
  const settings = settingsOf(invocation);
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
  const running = await startSink({ broker, writer, data, batchRows: settings.batchRows, batchMs: settings.batchMs, log });
  log.info({ data }, 'sink commits rows');
  stop.onRequest(() => running.stop());
  const sunk = await running.left;
  invocation.output.result(sunk, [`sink left: ${sunk.rows} rows, ${sunk.failures} failures, ${sunk.deadLetters} dead letters committed`]);
  held.dispose();
  stop.settle();
}
