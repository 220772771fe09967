import { Worker, type Job } from 'bullmq';
import type { Broker } from '../runtime/broker.ts';
import { LOCK_MS, STALLED_CHECK_MS } from '../runtime/limits.ts';
import type { Log } from '../runtime/log.ts';
import { countTableJobs, hasWaiting } from '../runtime/queue.ts';
import { readRegistrations } from '../runtime/registration.ts';
import type { Definition } from '../wire/definition.ts';
import type { Point } from '../wire/point.ts';
import { openPace } from './pace.ts';

/** No number of lost locks fails a job by itself: a point seen at too many deaths is tried alone instead. */
const STALLS_ALLOWED = 1_000_000;

/** A queue with waiting jobs of which a consumer with nothing to do has taken none for so long is asked anew. */
const OVERLOOKED_MS = 15_000;

/** Wait of a worker before it asks a Redis again that did not answer. */
const RECONNECT_MS = 1_000;

export type PointJob = Job<Point, void>;
type PointWorker = Worker<Point, void>;

/** Brings a job of `table` to its end; what it throws is BullMQ's to judge. */
export type Handle = (job: PointJob, token: string, table: string, definition: Definition) => Promise<void>;

/** The BullMQ workers of one consumer, one per table; they share its connection and its slots. */
export interface TableWorkers {
  /** Serves tables that were not known before, learns of changed experiments, and mends workers that overlook jobs. */
  discover(): Promise<void>;
  /** Learns how long a point took: so many jobs are held at once as suit that. */
  learn(seconds: number): void;
  /** Takes nothing more from the tables that are to be `dropped`; what is in hand goes on. */
  retire(dropped: (table: string) => boolean): void;
  /** Tables that jobs are taken from, and those that were retired. */
  readonly served: number;
  readonly retired: number;
  /** Takes nothing more; resolves when no job is in hand. */
  close(): Promise<void>;
  /** Lets go at once: what is in hand is left to its lock's end. */
  abandon(): Promise<void>;
  /** Whether jobs of the tables served wait, be it for a back-off to end. */
  hasQueued(): Promise<boolean>;
  /** Jobs in hand. */
  readonly inHand: number;
  /** When the last job left our hands, on the clock of performance.now(). */
  readonly idleSinceMs: number;
}

export interface TableWorkersOptions {
  readonly broker: Broker;
  /** The tables to serve; every one that the broker knows where absent. */
  readonly tables?: readonly string[] | undefined;
  readonly slots: number;
  readonly handle: Handle;
  readonly log: Log;
}

/** No worker yet: `discover` makes them. */
export function openTableWorkers(options: TableWorkersOptions): TableWorkers {
  const { broker, log } = options;
  const workers = new Map<string, PointWorker>();
  /** The ends of workers that were let go. */
  const replaced: Promise<void>[] = [];
  const retired = new Map<string, PointWorker>();
  /** When a job of each table was last taken, or its queue last asked, on the clock of performance.now(). */
  const takenAtMs = new Map<string, number>();
  let definitions = new Map<string, Definition>();
  const pace = openPace(options.slots);
  let isClosed = false;
  let inHand = 0;
  let idleSinceMs = performance.now();

  const take = async (table: string, job: PointJob, token: string): Promise<void> => {
    const definition = definitions.get(table);
    if (definition === undefined) throw new Error(`no experiment is registered for table ${table}`);
    inHand += 1;
    takenAtMs.set(table, performance.now());
    try {
      await options.handle(job, token, table, definition);
    } finally {
      inHand -= 1;
      idleSinceMs = performance.now();
    }
  };

  const serve = (table: string): PointWorker => {
    const worker: PointWorker = new Worker(table, (job, token) => take(table, job, token ?? ''), {
      connection: broker.redis,
      prefix: broker.names.queuePrefix,
      concurrency: pace.jobs,
      lockDuration: LOCK_MS,
      stalledInterval: STALLED_CHECK_MS,
      runRetryDelay: RECONNECT_MS,
      maxStalledCount: STALLS_ALLOWED,
      removeOnComplete: { count: 0 },
      removeOnFail: { count: 0 },
    });
    worker.on('error', (error) => log.debug({ err: error, table }, 'the queue cannot be reached; trying again'));
    worker.on('failed', (job, error) => log.warn({ table, point: job?.data, attempt: job?.attemptsMade, reason: error.message }, 'a point failed'));
    worker.on('stalled', (key) => log.warn({ table, key }, 'a job was lost with its consumer and waits again'));
    log.info({ table, experiment: definitions.get(table)?.name }, 'serving a table');
    takenAtMs.set(table, performance.now());
    return worker;
  };

  /**
   * A worker whose Redis died at a bad moment has been seen to wait for ever beside a queue full of jobs. One with
   * nothing in hand that does so is let go, and another takes its place.
   */
  const mend = async (table: string): Promise<void> => {
    if (inHand > 0) takenAtMs.set(table, performance.now());
    if (performance.now() - (takenAtMs.get(table) ?? 0) < OVERLOOKED_MS) return;
    takenAtMs.set(table, performance.now());
    if (!(await hasWaiting(broker, table)) || isClosed) return;
    log.warn({ table }, 'jobs wait and none was taken; asking the queue anew');
    const overlooking = workers.get(table);
    workers.set(table, serve(table));
    if (overlooking !== undefined) replaced.push(overlooking.close(true).catch(() => {}));
  };

  return {
    discover: async () => {
      // A Redis that came back empty knows its tables again only when they are planned again: what we know we keep.
      definitions = new Map([...definitions, ...(await readRegistrations(broker))]);
      if (isClosed) return;
      const wanted = options.tables ?? [...definitions.keys()];
      for (const table of wanted) {
        if (definitions.has(table) && !workers.has(table) && !retired.has(table)) workers.set(table, serve(table));
      }
      for (const table of workers.keys()) await mend(table);
    },
    learn: (seconds) => {
      if (!pace.learn(seconds)) return;
      for (const worker of workers.values()) worker.concurrency = pace.jobs;
    },
    retire: (dropped) => {
      for (const [table, worker] of workers) {
        if (!dropped(table)) continue;
        log.info({ table }, 'taking no more of a table');
        workers.delete(table);
        retired.set(table, worker);
        replaced.push(worker.close().catch(() => {}));
      }
    },
    get served() {
      return workers.size;
    },
    get retired() {
      return retired.size;
    },
    close: async () => {
      isClosed = true;
      await Promise.all([...replaced, ...[...workers.values()].map((worker) => worker.close())]);
    },
    abandon: async () => {
      await Promise.all([...workers.values(), ...retired.values()].map((worker) => worker.close(true)));
    },
    hasQueued: async () => {
      for (const table of workers.keys()) {
        if ((await countTableJobs(broker, table)).waiting > 0) return true;
      }
      return false;
    },
    get inHand() {
      return inHand;
    },
    get idleSinceMs() {
      return idleSinceMs;
    },
  };
}
