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
  const leaving = new AbortController();
  const delivered = { rows: 0, failures: 0 };
  const delivery = openDelivery(broker, (entries) => writeSpool(options.data, entries), (error) => {
    log.warn({ reason: error.message }, 'the stream refuses rows; offering them again');
    options.onRefusal?.(error);
  });
  const signals = { stopping: stopping.signal, leaving: leaving.signal };
  const hands = openHands(options, signals, delivery, delivered, (seconds) => workers.learn(seconds));
  const workers = openTableWorkers({ ...options, handle: (...job) => handleJob(...job, hands) });
  const presence = announce(broker, describer(options, hands.consumer, delivered));
  log.info({ consumer: hands.consumer, slots: options.slots }, 'consumer takes jobs');
  for (;;) {
    // A Redis that is away may never answer: a request to stop does not wait for it.
    const discovered = unlessStopped(workers.discover(), stopping.signal, 0);
    await discovered.catch((error: unknown) => log.warn({ reason: messageOf(error) }, 'the tables cannot be read; trying again'));
    if (stopping.signal.aborted || (await isIdle(workers, options.idleExitMs, stopping.signal))) break;
    await pause(DISCOVER_MS, stopping.signal);
  }
  stopping.abort();
  try {
    await leave(options.graceMs, workers, leaving, delivery);
  } finally {
    await Promise.all([pool.close(), settledWithin(presence.close(), LEAVE_STEP_MS)]);
  }
  log.info({ consumer: hands.consumer, ...delivered }, 'consumer left');
  return delivered;
}

/** What jobs are handled with; counts in `delivered` what Redis has taken, and tells `learn` what points take. */
function openHands(
  options: ConsumeOptions,
  signals: Pick<Hands, 'stopping' | 'leaving'>,
  delivery: Delivery,
  delivered: { rows: number; failures: number },
  learn: (seconds: number) => void,
): Hands {
  const gate = openGate(options.broker, options.streamBytes);
  const oneByOne = openSequence();
  return {
    consumer: `${hostname()}:${process.pid}`,
    ...signals,
    pass: (signal) => gate.pass(signal),
    compute: async (definition, point, until) => {
      const computed = await options.pool.compute(definition, point, until);
      learn(computed.seconds);
      return computed;
    },
    computeAlone: (definition, point, signal) => oneByOne(() => computeAlone(definition, point, signal, options.log)),
    deliver: async (entry) => {
      await delivery.deliver(entry);
      delivered[entry.kind === 'row' ? 'rows' : 'failures'] += 1;
      options.onDelivered?.();
    },
  };
}

/** What the consumer tells of itself at the moment. */
function describer({ slots, pool }: ConsumeOptions, id: string, delivered: { rows: number }): Parameters<typeof announce>[1] {
  const startedAtMs = Date.now();
  return () => ({ id, host: hostname(), pid: process.pid, startedAtMs, slots, running: pool.running, rows: delivered.rows, job: null, state: 'taking', secondsPerPoint: null, endsAtMs: null });
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

/** Whether nothing was in hand for so long, and nothing waits that could be; a Redis that does not tell is no reason to leave. */
async function isIdle(workers: TableWorkers, idleExitMs: number | undefined, stopping: AbortSignal): Promise<boolean> {
  if (idleExitMs === undefined || workers.inHand > 0 || performance.now() - workers.idleSinceMs < idleExitMs) return false;
  return await unlessStopped(workers.hasQueued(), stopping, 0).then((queued) => !queued, () => false);
}

/** Lets tasks run one at a time, in the order in which they are given. */
function openSequence(): <Result>(task: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return async (task) => {
    const result = last.then(task);
    last = result.catch(() => {});
    return await result;
  };
}
