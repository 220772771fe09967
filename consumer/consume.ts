import { hostname } from 'node:os';
import type { Broker } from '../runtime/broker.ts';
import { messageOf } from '../runtime/errors.ts';
import type { Log } from '../runtime/log.ts';
import { announce } from '../runtime/presence.ts';
import { writeSpool } from '../runtime/spool.ts';
import { pause, settledWithin, unlessStopped } from '../runtime/wait.ts';
import { openDelivery, type Delivery } from './deliver.ts';
import { openGate } from './gate.ts';
import { handleJob, type Hands } from './point-job.ts';
import { computeAlone } from './slot/alone.ts';
import type { Pool } from './slot/pool.ts';
import { openTableWorkers, type TableWorkers } from './table-workers.ts';

/** Interval at which new tables are looked for, and idleness is noticed. */
const DISCOVER_MS = 500;

/** Interval at which a consumer that leaves looks whether its hands are empty. */
const LOOK_MS = 20;

/** Time that each step of leaving may take beyond the grace, with Redis away. */
const LEAVE_STEP_MS = 2_000;

export interface ConsumeOptions {
  readonly broker: Broker;
  /** What computes; it may have been warmed before, and is closed when the consumer leaves. */
  readonly pool: Pool;
  /** Tables to serve; all that the broker knows, and those to come, where absent. */
  readonly tables?: readonly string[] | undefined;
  /** Computations at once: the size of the pool. */
  readonly slots: number;
  /** Bytes in the stream above which no computation begins. */
  readonly streamBytes: number;
  /** The data folder whose spool takes the rows that Redis does not. */
  readonly data: string;
  readonly graceMs: number;
  /** Leaves after so long without a job in hand; never where absent. */
  readonly idleExitMs?: number | undefined;
  /** Told of every row and failure that Redis has taken. */
  readonly onDelivered?: (() => void) | undefined;
  /** Told when Redis refuses a row, which is offered again; an owner that cannot wait stops the consumer. */
  readonly onRefusal?: ((error: Error) => void) | undefined;
  readonly log: Log;
}

/** What a consumer delivered. */
export interface Consumed {
  readonly rows: number;
  readonly failures: number;
}

/** A running consumer: one process's worth of computations, served from the broker's queues. */
export interface Consumer {
  /** Resolves when it has left, by stop or by idleness. */
  readonly left: Promise<Consumed>;
  /** Takes nothing more, finishes or hands back what runs within the grace, flushes, and leaves. */
  stop(): void;
}

/** Starts to take jobs. The caller keeps the broker open until `left`. */
export function startConsumer(options: ConsumeOptions): Consumer {
  const stopping = new AbortController();
  return { left: serve(options, stopping), stop: () => stopping.abort() };
}

async function serve(options: ConsumeOptions, stopping: AbortController): Promise<Consumed> {
  const { broker, pool, log } = options;
  const consumer = `${hostname()}:${process.pid}`;
  const startedAtMs = Date.now();
  const delivered = { rows: 0, failures: 0 };
  const leaving = new AbortController();
  const delivery = openDelivery(broker, (entries) => writeSpool(options.data, entries), (error) => {
    log.warn({ reason: error.message }, 'the stream refuses rows; offering them again');
    options.onRefusal?.(error);
  });
  const gate = openGate(broker, options.streamBytes);
  const hands: Hands = {
    consumer,
    stopping: stopping.signal,
    leaving: leaving.signal,
    pass: (signal) => gate.pass(signal),
    compute: async (definition, point, signals) => {
      const computed = await pool.compute(definition, point, signals);
      workers.learn(computed.seconds);
      return computed;
    },
    computeAlone: (definition, point, signal) => computeAlone(definition, point, signal, log),
    deliver: async (entry) => {
      await delivery.deliver(entry);
      delivered[entry.kind === 'row' ? 'rows' : 'failures'] += 1;
      options.onDelivered?.();
    },
  };
  const handle = (...job: Parameters<Parameters<typeof openTableWorkers>[0]['handle']>): Promise<void> => handleJob(...job, hands);
  const isOccupied = (): boolean => pool.running > 0 || gate.isHolding;
  const workers = openTableWorkers({ ...options, isOccupied, handle });
  const describe = () => ({ id: consumer, host: hostname(), pid: process.pid, startedAtMs, slots: options.slots });
  const presence = announce(broker, () => ({ ...describe(), lastSeenMs: Date.now(), running: pool.running, rows: delivered.rows }));
  log.info({ consumer, slots: options.slots }, 'consumer takes jobs');
  while (!stopping.signal.aborted && !isIdle(workers, options.idleExitMs)) {
    // A Redis that is away may never answer: a request to stop does not wait for it.
    const discovered = unlessStopped(workers.discover(), stopping.signal, 0);
    await discovered.catch((error: unknown) => log.warn({ reason: messageOf(error) }, 'the tables cannot be read; trying again'));
    await pause(DISCOVER_MS, stopping.signal);
  }
  stopping.abort();
  try {
    await leave(options.graceMs, workers, leaving, delivery);
  } finally {
    await Promise.all([pool.close(), settledWithin(presence.close(), LEAVE_STEP_MS)]);
  }
  log.info({ consumer, ...delivered }, 'consumer left');
  return delivered;
}

/** Two phases: what runs may finish within the grace; then it is handed back, and what Redis does not take is spooled. */
async function leave(graceMs: number, workers: TableWorkers, leaving: AbortController, delivery: Delivery): Promise<void> {
  const closed = workers.close();
  const deadlineMs = performance.now() + graceMs;
  while (workers.inHand > 0 && performance.now() < deadlineMs) await pause(LOOK_MS);
  leaving.abort();
  try {
    await delivery.hurry(LEAVE_STEP_MS);
  } finally {
    // Also where the spool cannot be written. With Redis away, closing in good order never ends.
    if (!(await settledWithin(closed, LEAVE_STEP_MS))) await settledWithin(workers.abandon(), LEAVE_STEP_MS);
  }
}

function isIdle(workers: TableWorkers, idleExitMs: number | undefined): boolean {
  return idleExitMs !== undefined && workers.inHand === 0 && performance.now() - workers.idleSinceMs >= idleExitMs;
}
