import { openPool, type Pool } from '../consumer/slot/pool.ts';
import { findBroker, type FoundBroker } from '../runtime/broker-file.ts';
import { SluiceError } from '../runtime/errors.ts';
import type { Log } from '../runtime/log.ts';
import type { Settings } from '../runtime/settings.ts';
import { lockForWriting, type WriteLock } from '../store/lock.ts';
import { openWriterThread, type WriterThread } from '../store/writer-thread.ts';
import type { Definition } from '../wire/definition.ts';
import { startBroker, type PrivateBroker } from './own-broker.ts';

/** What a run stands on; all of it starts at once, in threads and processes of its own. */
export interface Ground extends AsyncDisposable {
  readonly pool: Pool;
  /** The writer of the database; undefined where the sink of a shared broker writes it. */
  readonly writer: WriterThread | undefined;
  /** The broker that a URL or `sluice up` gives; undefined where the run starts its own. */
  readonly shared: FoundBroker | undefined;
  /** The run's own broker, once it answers. */
  readonly own: Promise<PrivateBroker> | undefined;
}

/**
 * Starts the computing threads, the writer and, where none is shared, a Redis; loads no client of the queue, so that
 * they start while the caller loads it. Throws `sink-running` where another run has the data folder.
 */
export function openGround(settings: Settings, definition: Definition, log: Log): Ground {
  const lock = lockUnlessShared(settings);
  const shared = isExplicit(settings) || lock === undefined ? findBroker(settings) : undefined;
  const pool = openPool({ slots: settings.threads, log });
  // A fault of the experiment comes again with the first point.
  pool.warm(definition).catch(() => {});
  const own = shared === undefined ? startBroker(settings, 'run', log) : undefined;
  own?.catch(() => {});
  const writer = lock === undefined ? undefined : openWriterThread(settings.data);
  return {
    pool,
    writer,
    shared,
    own,
    [Symbol.asyncDispose]: async () => {
      await pool.close();
      await own?.then((broker) => broker.stop()).catch(() => {});
      await writer?.close();
      lock?.release();
    },
  };
}

/** The right to write the database; undefined where the sink beside a broker that we may share has it. */
function lockUnlessShared(settings: Settings): WriteLock | undefined {
  try {
    return lockForWriting(settings.data);
  } catch (error) {
    const isTaken = error instanceof SluiceError && error.code === 'sink-running';
    if (isTaken && (isExplicit(settings) || findBroker(settings)?.file?.by === 'up')) return undefined;
    throw error;
  }
}

function isExplicit(settings: Settings): boolean {
  return settings.redis !== undefined || settings.connection !== undefined;
}
