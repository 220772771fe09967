import { openPool, type Pool } from '../consumer/slot/pool.ts';
import { findBroker, type FoundBroker } from '../runtime/broker-file.ts';
import { SluiceError } from '../runtime/errors.ts';
import type { Log } from '../runtime/log.ts';
import type { Settings } from '../runtime/settings.ts';
import { lockForWriting, type WriteLock } from '../store/lock.ts';
import { openWriterThread, type WriterThread } from '../store/writer-thread.ts';
import type { Definition } from '../wire/definition.ts';
import { startBroker } from './own-broker.ts';

/** What a run stands on; all of it starts at once, in threads and processes of its own. */
export interface Ground extends AsyncDisposable {
  readonly pool: Pool;
  /** The writer of the database; undefined where the sink of a shared broker writes it. */
  readonly writer: WriterThread | undefined;
  /** The broker that a URL or `sluice up` gives, or the run's own, once it answers. */
  readonly broker: Promise<FoundBroker>;
  /** Whether the broker is the run's own. */
  readonly isPrivate: boolean;
}

/**
 * Starts the computing threads, the writer and, where none is shared, a Redis; loads no client of the queue, so that
 * they start while the caller loads it. Throws `sink-running` where another run has the data folder.
 */
export function openGround(settings: Settings, definition: Definition, log: Log): Ground {
  const lock = lockUnlessShared(settings);
  const shared = isExplicit(settings) || lock === undefined ? findBroker(settings) : undefined;
  if (lock === undefined && shared === undefined) {
    throw new SluiceError('sink-running', `the \`sluice up\` of ${settings.data} is just ending; type the same again`);
  }
  const held = new AsyncDisposableStack();
  held.defer(() => lock?.release());
  const writer = lock === undefined ? undefined : openWriterThread(settings.data);
  held.defer(async () => await writer?.close());
  const own = shared === undefined ? openOwnBroker(settings, log, held) : undefined;
  const pool = held.adopt(openPool({ slots: settings.threads, log }), async (open) => await open.close());
  // A fault of the experiment comes again with the first point.
  pool.warm(definition).catch(() => {});
  return {
    pool,
    writer,
    broker: own ?? Promise.resolve(shared!),
    isPrivate: own !== undefined,
    [Symbol.asyncDispose]: async () => await held.disposeAsync(),
  };
}

/** Starts a Redis that ends with `held`. */
function openOwnBroker(settings: Settings, log: Log, held: AsyncDisposableStack): Promise<FoundBroker> {
  const starting = startBroker(settings, { by: 'run' }, log);
  // One that could not be started is told of to whoever waits for it.
  const started = starting.catch(() => undefined);
  held.defer(async () => await (await started)?.stop());
  const found = starting.then((own) => own.found);
  found.catch(() => {});
  return found;
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
