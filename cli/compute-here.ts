import { startConsumer, type Consumer } from '../consumer/consume.ts';
import { readCancels } from '../producer/cancellation.ts';
import { takeCensus, type Census } from '../producer/census.ts';
import type { Filled } from '../producer/fill.ts';
import { offer, plan } from '../producer/produce.ts';
import { connectBroker, type Broker } from '../runtime/broker.ts';
import { SluiceError, messageOf } from '../runtime/errors.ts';
import type { Log } from '../runtime/log.ts';
import { isStill } from '../runtime/queue.ts';
import { unlessStopped } from '../runtime/wait.ts';
import { openStore } from '../store/store.ts';
import { openOwnSink, takeOver } from './own-sink.ts';
import type { Planned } from './planned.ts';
import type { Ground } from './run-ground.ts';
import { openWatch, type Watch } from './run-watch.ts';
import { watchSharedSink } from './shared-sink.ts';

/** What a run needs from outside. */
export interface Surroundings {
  readonly ground: Ground;
  readonly stop: AbortSignal;
  readonly log: Log;
  /** Told after every commit: rows and failures of the table that this run has seen committed. */
  readonly onProgress: (rows: number, failures: number) => void;
}

/** What a run came to; times are on the clock of performance.now(), undefined where no row was committed. */
export interface Outcome {
  readonly census: Census;
  readonly firstRowMs: number | undefined;
  readonly lastRowMs: number | undefined;
}

/**
 * Computes what is missing of a plan with consumer threads in this process, and plans again until nothing is missing.
 * An abort of `stop` ends it early; what is computed by then is committed. Throws the fault that ended it.
 */
export async function computeHere(planned: Planned, surroundings: Surroundings): Promise<Outcome> {
  const { settings, definition } = planned;
  const { table, waiting, attempts } = settings;
  const { ground, stop: signal } = surroundings;
  const watch = openWatch(table, surroundings.onProgress);
  await using held = new AsyncDisposableStack();
  const broker = held.use(await connectBroker(await ground.broker));
  held.use(await openCommits(planned, broker, surroundings, watch));
  const store = held.adopt(openStore(settings.data), (open) => open.close());
  const cancels = await readCancels(broker, table);
  await plan(broker, table, definition, planned.canonical, store);
  const consumer = startComputing(planned, broker, surroundings, watch);
  held.defer(async () => {
    consumer.stop();
    await consumer.left;
  });
  const takeStock = (): Census => takeCensus(planned.plan, definition.name, table, store);
  let census = takeStock();
  while (census.missing > 0 && !signal.aborted) {
    watch.expect(census.missing);
    const points = planned.plan;
    const filling = offer({ broker, table, definition, points, store, waiting, attempts, signal, cancels });
    await settled(table, broker, watch, filling, signal);
    census = takeStock();
  }
  await held.disposeAsync();
  return { census: lastCensus(planned), firstRowMs: watch.firstRowMs, lastRowMs: watch.lastRowMs };
}

/** Sees to it that rows are committed, by our own sink or by the shared broker's. */
async function openCommits(
  { settings }: Planned,
  broker: Broker,
  surroundings: Surroundings,
  watch: Watch,
): Promise<AsyncDisposable | Disposable> {
  const { ground, log, stop } = surroundings;
  if (ground.writer === undefined) return await watchSharedSink(settings, broker, watch, stop);
  const sink = await openOwnSink(settings, broker, ground.writer, watch, log);
  if (ground.isPrivate) await takeOver(broker);
  return sink;
}

function startComputing({ settings }: Planned, broker: Broker, { ground, log }: Surroundings, watch: Watch): Consumer {
  return startConsumer({
    broker,
    pool: ground.pool,
    tables: [settings.table],
    slots: settings.threads,
    streamBytes: settings.streamBytes,
    data: settings.data,
    graceMs: settings.grace * 1000,
    onDelivered: () => watch.delivered(),
    onRefusal: (error) => watch.fail(new SluiceError('redis-refuses', `Redis takes no more rows: ${messageOf(error)}`)),
    log,
  });
}

/** Resolves when the expected rows are committed, or nothing is under way any more; throws a fault that ends the run. */
async function settled(
  table: string,
  broker: Broker,
  watch: Watch,
  filling: Promise<Filled>,
  stop: AbortSignal,
): Promise<void> {
  let allOffered = false;
  const onFilled = ({ cancelled }: Filled): void => {
    allOffered = true;
    const message = `table ${table} was cancelled while it was computed; stored rows stay`;
    if (cancelled) watch.fail(new SluiceError('cancelled', message));
  };
  void filling.then(onFilled, (error: unknown) => watch.fail(error));
  while (!stop.aborted && !watch.enough) {
    await watch.change(stop);
    if (watch.fault !== undefined) throw watch.fault;
    if (!allOffered || watch.enough) continue;
    // A Redis that is away may never answer: a request to stop does not wait for it.
    if (await unlessStopped(isStill(broker, table), stop, 0).catch(() => false)) return;
  }
}

/** The census after the last commit: rows may have arrived while the run was being left. */
function lastCensus({ settings, definition, plan: points }: Planned): Census {
  using held = new DisposableStack();
  const store = held.adopt(openStore(settings.data), (open) => open.close());
  return takeCensus(points, definition.name, settings.table, store);
}
