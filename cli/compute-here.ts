import { resolve } from 'node:path';
import { startConsumer } from '../consumer/consume.ts';
import { takeCensus, type Census } from '../producer/census.ts';
import { offer, plan } from '../producer/produce.ts';
import { connectBroker, type Broker } from '../runtime/broker.ts';
import { SluiceError, messageOf } from '../runtime/errors.ts';
import type { Log } from '../runtime/log.ts';
import { clearQueue, isStill } from '../runtime/queue.ts';
import { readRegistrations } from '../runtime/registration.ts';
import { drained } from '../sink/drained.ts';
import { startSink } from '../sink/serve.ts';
import { databasePath } from '../store/open.ts';
import { openStore, type Store } from '../store/store.ts';
import type { WriterThread } from '../store/writer-thread.ts';
import type { Planned } from './planned.ts';
import type { Ground } from './run-ground.ts';
import { openWatch, type Watch } from './run-watch.ts';

/** Time that rows computed at an interruption have to reach the database. */
const DRAIN_MS = 10_000;

/** Time that what an earlier run left in a private Redis has to reach the database. */
const TAKE_OVER_MS = 60_000;

/** Interval at which the database is asked what another process's sink has committed. */
const POLL_MS = 250;

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
  const watch = openWatch(table, surroundings.onProgress);
  await using held = new AsyncDisposableStack();
  const broker = held.use(await openBroker(surroundings.ground));
  const store = held.adopt(await openCommits(planned, broker, held, surroundings, watch), (open) => open.close());
  await plan(broker, table, definition, planned.canonical, store);
  startComputing(planned, broker, held, surroundings, watch);
  const takeStock = (): Census => takeCensus(planned.plan, definition.name, table, store);
  let census = takeStock();
  while (census.missing > 0 && !surroundings.stop.aborted) {
    watch.expect(census.missing);
    const request = { broker, table, definition, points: planned.plan, store, waiting, attempts, signal: surroundings.stop };
    const offered = offer(request).catch((error: unknown) => watch.fail(error));
    await settled(table, broker, watch, offered, surroundings.stop);
    census = takeStock();
  }
  await held.disposeAsync();
  return { census: await lastCensus(planned), firstRowMs: watch.firstRowMs, lastRowMs: watch.lastRowMs };
}

async function openBroker(ground: Ground): Promise<Broker> {
  const own = await ground.own;
  const found = own?.found ?? ground.shared;
  if (found === undefined) throw new Error('a run has either a broker of its own or a shared one');
  return await connectBroker(found);
}

/** Sees to it that rows are committed, by our own sink or by the shared broker's, and returns the database to read. */
async function openCommits(planned: Planned, broker: Broker, held: AsyncDisposableStack, surroundings: Surroundings, watch: Watch): Promise<Store> {
  const { data, table } = planned.settings;
  const { writer } = surroundings.ground;
  if (writer === undefined) {
    held.defer(pollCounts(data, table, watch));
    return openStore(data);
  }
  await writer.opened;
  await startOwnSink(planned, broker, writer, held, surroundings, watch);
  if (surroundings.ground.own !== undefined) await takeOver(broker);
  return openStore(data);
}

async function startOwnSink(planned: Planned, broker: Broker, writer: WriterThread, held: AsyncDisposableStack, surroundings: Surroundings, watch: Watch): Promise<void> {
  const { batchRows, batchMs, data } = planned.settings;
  const sink = await startSink({
    broker,
    writer,
    data: resolve(data),
    batchRows,
    batchMs,
    onCommit: (result) => {
      watch.committed(result);
      if (result.deadLetters > 0) watch.fail(deadLetterError(data));
    },
    onFault: (error) => watch.fail(error),
    log: surroundings.log,
  });
  watch.whenAllDelivered(() => sink.flush());
  held.defer(async () => {
    if (watch.fault === undefined) await drained(broker, DRAIN_MS).catch(() => {});
    sink.stop();
    await sink.left;
  });
}

/** Rows that cannot be stored would be computed for ever: the run ends with the reason of the latest. */
function deadLetterError(data: string): SluiceError {
  using held = new DisposableStack();
  const store = held.adopt(openStore(data), (open) => open.close());
  const latest = [...store.deadLetters()].at(-1);
  return new SluiceError('dead-letters', `rows cannot be stored (${latest?.reason}); they are kept in sluice_dead_letters of ${databasePath(data)}`);
}

/** Lets the rows that an earlier run left be committed, and drops its jobs: their consumers are gone. */
async function takeOver(broker: Broker): Promise<void> {
  await drained(broker, TAKE_OVER_MS);
  for (const table of (await readRegistrations(broker)).keys()) await clearQueue(broker, table);
}

/** Tells `watch` what another process's sink commits, as the database shows it; returns what ends that. */
function pollCounts(data: string, table: string, watch: Watch): () => void {
  const store = openStore(data);
  let seen = store.counts(table);
  const timer = setInterval(() => {
    const now = store.counts(table);
    const change = { rows: now.stored - seen.stored, failures: Math.max(0, now.failed - seen.failed) };
    seen = now;
    if (change.rows + change.failures > 0) watch.committed({ tables: { [table]: change } });
  }, POLL_MS);
  return () => {
    clearInterval(timer);
    store.close();
  };
}

function startComputing(planned: Planned, broker: Broker, held: AsyncDisposableStack, surroundings: Surroundings, watch: Watch): void {
  const { settings } = planned;
  const consumer = startConsumer({
    broker,
    pool: surroundings.ground.pool,
    tables: [settings.table],
    slots: settings.threads,
    streamBytes: settings.streamBytes,
    data: settings.data,
    graceMs: settings.grace * 1000,
    onDelivered: () => watch.delivered(),
    onRefusal: (error) => watch.fail(new SluiceError('redis-refuses', `Redis takes no more rows: ${messageOf(error)}`)),
    log: surroundings.log,
  });
  held.defer(async () => {
    consumer.stop();
    await consumer.left;
  });
}

/** Resolves when the expected rows are committed, or nothing is under way any more; throws the fault that ends a run. */
async function settled(table: string, broker: Broker, watch: Watch, offered: Promise<unknown>, stop: AbortSignal): Promise<void> {
  let allOffered = false;
  void offered.then(() => (allOffered = true));
  while (!stop.aborted && !watch.enough) {
    await watch.change(stop);
    if (watch.fault !== undefined) throw watch.fault;
    if (allOffered && !watch.enough && (await isStill(broker, table))) return;
  }
}

/** The census after the last commit: rows may have arrived while the run was being left. */
async function lastCensus({ settings, definition, plan: points }: Planned): Promise<Census> {
  using held = new DisposableStack();
  const store = held.adopt(openStore(settings.data), (open) => open.close());
  return takeCensus(points, definition.name, settings.table, store);
}
