import type { Redis } from 'ioredis';
import type { Broker } from '../runtime/broker.ts';
import { SluiceError, messageOf } from '../runtime/errors.ts';
import { BATCH_BYTES } from '../runtime/limits.ts';
import type { Log } from '../runtime/log.ts';
import { disconnect, openBlocking } from '../runtime/redis-connection.ts';
import { pause, settledWithin, unlessStopped } from '../runtime/wait.ts';
import type { BatchResult } from '../store/tally.ts';
import { openCounting, type Counting } from './counters.ts';
import { openGathering, type Gathering } from './gathering.ts';
import { takeLease } from './lease.ts';
import { openSpoolInlet } from './spool-inlet.ts';
import { openStream, type EntryStream, type StreamEntry } from './stream.ts';

/** Interval at which the spool folder is looked into. */
const SPOOL_MS = 1_000;

/** Wait after a fault of Redis or of the database before the next try. */
const FAULT_MS = 1_000;

/** Bytes that an entry is taken for before the first was seen. */
const FIRST_GUESS_BYTES = 64 * 2 ** 10;

export interface SinkOptions {
  readonly broker: Broker;
  /** Opened under the sink lock: this sink is the only writer while it runs. In this thread, or in one of its own. */
  readonly writer: { apply(batch: readonly StreamEntry[]): BatchResult | Promise<BatchResult> };
  /** The data folder, absolute; it names the database in the broker's lease and holds the spool. */
  readonly data: string;
  readonly batchRows: number;
  readonly batchMs: number;
  /** Told of every commit. */
  readonly onCommit?: ((result: BatchResult) => void) | undefined;
  /** Told when a database fault begins; an owner that cannot wait stops the sink. */
  readonly onFault?: ((error: SluiceError) => void) | undefined;
  readonly log: Log;
}

/** What a sink committed. */
export interface Sunk {
  readonly rows: number;
  readonly failures: number;
  readonly deadLetters: number;
}

/** A running sink: stream and spool into SQLite, each entry once. */
export interface Sink {
  /** Resolves when it has left; rejects where that was because another sink has taken over the broker. */
  readonly left: Promise<Sunk>;
  /** From now on lets no batch gather: what is to come has arrived. */
  flush(): void;
  /** Commits and acknowledges what it has read, then leaves. */
  stop(): void;
}

/** Takes the lease, and begins to read; rejects where another database's sink serves the broker. */
export async function startSink(options: SinkOptions): Promise<Sink> {
  const stopping = new AbortController();
  let loss: SluiceError | undefined;
  const lease = await takeLease(options.broker, options.data, (error) => {
    loss = error;
    stopping.abort();
  });
  const blocking = openBlocking(options.broker.address);
  // A read that waits for entries ends at once; what it might have brought stays unacknowledged.
  stopping.signal.addEventListener('abort', () => disconnect(blocking));
  const gathering = openGathering(options.batchMs, stopping.signal);
  const counting = openCounting(options.broker);
  const serveAndLeave = async (): Promise<Sunk> => {
    try {
      const sunk = await serve(options, blocking, gathering, counting, stopping.signal);
      if (loss !== undefined) throw loss;
      return sunk;
    } finally {
      disconnect(blocking);
      await counting.close();
      await settledWithin(lease.close(), FAULT_MS);
    }
  };
  return { left: serveAndLeave(), flush: () => gathering.end(), stop: () => stopping.abort() };
}

/**
 * The loop: read, commit, acknowledge, pause. What arrives first is committed at once; during the pause the next
 * batch gathers. A death before the commit leaves the entries unacknowledged, one after it leaves them committed and
 * to be read again, when their keys are found taken.
 */
async function serve(options: SinkOptions, blocking: Redis, gathering: Gathering, counting: Counting, stopping: AbortSignal): Promise<Sunk> {
  const { log } = options;
  const total = { rows: 0, failures: 0, deadLetters: 0 };
  // A Redis that is away when we are to leave may never answer, and a connection that is closed forgets some commands.
  const answer = <T>(asked: Promise<T>, graceMs = FAULT_MS): Promise<T> => unlessStopped(asked, stopping, graceMs);
  const commit = async (entries: readonly StreamEntry[]): Promise<BatchResult> => {
    const startedAtMs = performance.now();
    const result = await options.writer.apply(entries);
    counting.add(result, (performance.now() - startedAtMs) / 1000);
    total.rows += result.rows;
    total.failures += result.failures;
    total.deadLetters += result.deadLetters;
    if (result.deadLetters > 0) log.error({ count: result.deadLetters }, 'entries that cannot be stored are kept as dead letters');
    options.onCommit?.(result);
    return result;
  };
  const spool = openSpoolInlet(options.data, log);
  let stream: EntryStream | undefined;
  let entryBytes = FIRST_GUESS_BYTES;
  let spoolAtMs = -Infinity;
  while (!stopping.aborted) {
    try {
      stream ??= await answer(openStream(options.broker, blocking));
      if (performance.now() - spoolAtMs >= SPOOL_MS) {
        spoolAtMs = performance.now();
        for (const file of spool.files()) {
          await commit(file.entries);
          file.remove();
          log.info({ entries: file.entries.length }, 'a spool file was taken in');
        }
      }
      const wanted = batchSize(options.batchRows, entryBytes);
      const entries = await answer(stream.read(wanted), 0);
      if (entries.length === 0) continue;
      const result = await commit(entries);
      entryBytes = entries.reduce((sum, entry) => sum + entry.bytes.length, 0) / entries.length;
      await answer(stream.remove(entries.map((entry) => entry.id)));
      // After a full batch more are waiting already; a plan alone is no batch: the first row follows it closely.
      if (result.rows > 0 && entries.length < wanted) await gathering.wait();
    } catch (error) {
      if (stopping.aborted) break;
      // Opening anew reads again what was read and not acknowledged, and makes the group again where Redis came back empty.
      stream = undefined;
      if (error instanceof SluiceError) options.onFault?.(error);
      log.warn({ reason: messageOf(error) }, 'the sink cannot go on at the moment; trying again');
      await pause(FAULT_MS, stopping);
    }
  }
  log.info({ ...total }, 'sink left');
  return total;
}

/** Rows to read at once: as many as asked for, but never many bytes. */
function batchSize(batchRows: number, entryBytes: number): number {
  return Math.max(1, Math.min(batchRows, Math.floor(BATCH_BYTES / Math.max(1, entryBytes))));
}
