import { connectBroker, type Broker } from '../runtime/broker.ts';
import { startCommand } from '../runtime/child-command.ts';
import { messageOf } from '../runtime/errors.ts';
import type { Log } from '../runtime/log.ts';
import { redactUrl } from '../runtime/redis-address.ts';
import type { Settings } from '../runtime/settings.ts';
import { listenForStop } from '../runtime/signals.ts';
import { supervise } from '../runtime/supervise.ts';
import { pause } from '../runtime/wait.ts';
import { openReplanner } from '../producer/replan.ts';
import { lockForWriting } from '../store/lock.ts';
import { databasePath } from '../store/open.ts';
import { openStoreIfPresent } from '../store/store.ts';
import { logOf, settingsOf, type Invocation } from './command.ts';
import { startBroker } from './own-broker.ts';

/** Interval at which tables are looked at for points that nobody has in hand. */
const REPLAN_MS = 5_000;

/** `sluice up`: a broker and a sink, started again when they fall, until a signal or `sluice down`. */
export async function up(invocation: Invocation): Promise<void> {
  const settings = settingsOf(invocation);
  const log = await logOf(invocation, 'up', settings);
  using stop = listenForStop();
  // A database that no sink can open would make the sink fall for ever.
  openStoreIfPresent(settings.data)?.close();
  // Whoever writes the database has a broker up for it; the lock is the truth, a file may be a dead one's.
  lockForWriting(settings.data).release();
  await using held = new AsyncDisposableStack();
  const own = await startBroker(settings, 'up', log);
  held.defer(() => own.stop());
  const broker = held.use(await connectBroker(own.found));
  const sink = await supervise('sink', async () => startCommand(['sink', '--supervised', ...sinkOptions(settings)], process.env), log);
  held.defer(() => sink.stop());
  const where = redactUrl(own.found.address.url);
  invocation.output.result({ broker: where, database: databasePath(settings.data), pid: process.pid }, [
    `broker up at ${where}, rows go to ${databasePath(settings.data)}`,
    'Ctrl-C or `npx sluice down` ends it; `npm run enqueue` adds the 1,000 seed jobs, `npx sluice consume` computes',
  ]);
  await keepPlanned(settings, broker, stop.signal, log);
  await held.disposeAsync();
  stop.settle();
}

function sinkOptions({ data, logLevel, batchRows, batchMs }: Settings): string[] {
  return ['--data', data, '--log-level', logLevel, '--batch-rows', String(batchRows), '--batch-ms', String(batchMs)];
}

/** Plans again what a lost Redis, or an `enqueue` that was cut off, left without a job. */
async function keepPlanned(settings: Settings, broker: Broker, stop: AbortSignal, log: Log): Promise<void> {
  const { data, waiting, attempts } = settings;
  await using replanner = openReplanner({ broker, data, waiting, attempts, signal: stop, log });
  while (!stop.aborted) {
    try {
      await replanner.replan();
    } catch (error) {
      log.warn({ reason: messageOf(error) }, 'the tables cannot be planned at the moment; trying again');
    }
    await pause(REPLAN_MS, stop);
  }
}
