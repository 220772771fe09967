import { resolve } from 'node:path';
import { startConsumer } from '../consumer/consume.ts';
import { openPool, type Pool } from '../consumer/slot/pool.ts';
import { takeCensus, type Census } from '../producer/census.ts';
import { offer, plan } from '../producer/produce.ts';
import { connectBroker, type Broker } from '../runtime/broker.ts';
import { SluiceError, messageOf } from '../runtime/errors.ts';
import type { Log } from '../runtime/log.ts';
import { clearQueue, isStill } from '../runtime/queue.ts';
import { readRegistrations } from '../runtime/registration.ts';
import { pause } from '../runtime/wait.ts';
import { drained, startSink } from '../sink/serve.ts';
import { lockForWriting, type WriteLock } from '../store/lock.ts';
import { openStore } from '../store/store.ts';
import type { BatchResult } from '../store/tally.ts';
import { openWriter } from '../store/writer.ts';
import type { Planned } from './planned.ts';
import { sharedBroker, startBroker } from './service.ts';

/** Interval at which an unfinished run is looked at; commits of our own sink wake it at once. */
const LOOK_MS = 500;

/** Time that rows computed at an interruption have to reach the database. */
const DRAIN_MS = 10_000;

/** Time an empty private stream takes to say so. */
const EMPTY_MS = 60_000;

/** What a run needs from outside. */
export interface Surroundings {
  readonly stop: AbortSignal;
  readonly log: Log;
  /** Told after every commit: rows and failures of the table that this run has seen committed. */
  readonly onProgress: (rows: number, failures: number) => void;
}

/** What a run came to. */
export interface Outcome {
  readonly census: Census;
  /** On the clock of performance.now(), from the process's start; undefined where no row was committed. */
  readonly firstRowMs: number | undefined;
  readonly lastRowMs: number | undefined;
}

/**
 * Computes what is missing of a plan with consumer threads in this process: starts what is not there (Redis, sink),
 * plans again until nothing is missing, and leaves nothing behind. An abort of `stop` ends it early; what is computed
 * by then is committed.
 */
export async function computeHere(planned: Planned, surroundings: Surroundings): Promise<Outcome> {
  const { settings, definition } = planned;
  const { table } = settings;
  const { log } = surroundings;
  await using held = new AsyncDisposableStack();
  const pool = openPool({ slots: settings.threads, log });
  held.defer(() => pool.close());
  // The kernel loads in the threads while Redis starts; a fault of it comes again with the first point.
  pool.warm(definition).catch(() => {});
  const watch = openWatch(table, surroundings);
  const broker = await openService(planned, held, surroundings, watch);
  const store = held.adopt(openStore(settings.data), (open) => open.close());
  await plan(broker, table, definition, planned.canonical, store);
  startComputing(planned, broker, pool, held, surroundings, watch);
  const request = { broker, table, definition, points: planned.plan, store, waiting: settings.waiting, attempts: settings.attempts };
  const census = (): Census => takeCensus(planned.plan, definition.name, table, store);
  let standing = census();
  while (standing.missing > 0 && !surroundings.stop.aborted) {
    watch.expect(standing.missing);
    const offering = new AbortController();
    const offered = offer({ ...request, signal: AbortSignal.any([offering.signal, surroundings.stop]) }).catch((error: unknown) => watch.fail(error));
    await settled(table, broker, watch, offered, surroundings.stop);
    offering.abort();
    await offered;
    standing = census();
  }
  await held.disposeAsync();
  return { census: await finalCensus(planned), firstRowMs: watch.firstRowMs, lastRowMs: watch.lastRowMs };
}

async function finalCensus({ settings, definition, plan: points }: Planned): Promise<Census> {
  using held = new DisposableStack();
  const store = held.adopt(openStore(settings.data), (open) => open.close());
  return takeCensus(points, definition.name, settings.table, store);
}

/** What a run watches while others work: commits, and faults that end it. */
interface Watch {
  readonly firstRowMs: number | undefined;
  readonly lastRowMs: number | undefined;
  /** Whether as many rows and failures were committed as were last expected. */
  readonly enough: boolean;
  /** The fault that ended the run, if one did. */
  readonly fault: unknown;
  expect(points: number): void;
  committed(result: Pick<BatchResult, 'tables'>): void;
  fail(error: unknown): void;
  /** Resolves at the next commit or fault, or after LOOK_MS. */
  change(stop: AbortSignal): Promise<void>;
}

function openWatch(table: string, surroundings: Surroundings): Watch {
  let [rows, failures, expected] = [0, 0, Infinity];
  let firstRowMs: number | undefined;
  let lastRowMs: number | undefined;
  let fault: unknown;
  let wake = new AbortController();
  return {
    get firstRowMs() {
      return firstRowMs;
    },
    get lastRowMs() {
      return lastRowMs;
    },
    get enough() {
      return rows + failures >= expected;
    },
    get fault() {
      return fault;
    },
    expect: (points) => void (expected = rows + failures + points),
    committed: (result) => {
      const now = result.tables[table];
      if (now === undefined) return;
      rows += now.rows;
      failures += now.failures;
      firstRowMs ??= performance.now();
      lastRowMs = performance.now();
      surroundings.onProgress(rows, failures);
      if (rows + failures >= expected) wake.abort();
    },
    fail: (error) => {
      fault ??= error;
      wake.abort();
    },
    change: async (stop) => {
      await pause(LOOK_MS, AbortSignal.any([stop, wake.signal]));
      wake = new AbortController();
    },
  };
}

/**
 * The broker of this run, and a sink: those of `sluice up` where it is up, our own otherwise. What an earlier run left
 * in a private Redis is committed first; its jobs are planned anew.
 */
async function openService(planned: Planned, held: AsyncDisposableStack, surroundings: Surroundings, watch: Watch): Promise<Broker> {
  const { settings } = planned;
  const { log } = surroundings;
  const shared = await sharedBroker(settings);
  const lock = takeLock(settings.data, shared !== undefined);
  if (lock === undefined) {
    held.defer(pollCounts(settings.data, settings.table, watch));
    return held.use(shared!);
  }
  held.defer(() => lock.release());
  const writer = held.adopt(openWriter(settings.data), (open) => open.close());
  const broker = held.use(shared ?? (await ownBroker(planned, held, log)));
  const data = resolve(settings.data);
  const { batchRows, batchMs } = settings;
  const onCommit = (result: BatchResult): void => watch.committed(result);
  const sink = await startSink({ broker, writer, data, batchRows, batchMs, onCommit, onFault: (error) => watch.fail(error), log });
  held.defer(async () => {
    if (watch.fault === undefined) await drained(broker, DRAIN_MS).catch(() => {});
    sink.stop();
    await sink.left;
  });
  if (shared === undefined) await takeOver(broker);
  return broker;
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
  }, LOOK_MS);
  return () => {
    clearInterval(timer);
    store.close();
  };
}

/** The right to write; undefined where the sink of a shared broker has it. */
function takeLock(data: string, isShared: boolean): WriteLock | undefined {
  try {
    return lockForWriting(data);
  } catch (error) {
    if (isShared && error instanceof SluiceError && error.code === 'sink-running') return undefined;
    throw error;
  }
}

async function ownBroker(planned: Planned, held: AsyncDisposableStack, log: Log): Promise<Broker> {
  const own = await startBroker(planned.settings, 'run', log);
  held.defer(() => own.stop());
  return await connectBroker(own.found);
}

/** Lets the rows of an earlier run be committed, and drops its jobs: their consumers are gone. */
async function takeOver(broker: Broker): Promise<void> {
  await drained(broker, EMPTY_MS);
  for (const table of (await readRegistrations(broker)).keys()) await clearQueue(broker, table);
}

function startComputing(planned: Planned, broker: Broker, pool: Pool, held: AsyncDisposableStack, surroundings: Surroundings, watch: Watch): void {
  const { settings } = planned;
  const consumer = startConsumer({
    broker,
    pool,
    tables: [settings.table],
    slots: settings.threads,
    streamBytes: settings.streamBytes,
    data: settings.data,
    graceMs: settings.grace * 1000,
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
