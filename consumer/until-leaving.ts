import { messageOf } from '../runtime/errors.ts';
import type { Log } from '../runtime/log.ts';
import { pause, settledWithin, unlessStopped } from '../runtime/wait.ts';
import { lastMomentOf } from './allocation-end.ts';
import { whenIdle } from './idleness.ts';
import type { TableWorkers } from './table-workers.ts';

/** Interval at which new tables are looked for, and reasons to leave are noticed. */
const DISCOVER_MS = 500;

/** Time after which an answer of the broker is overdue. */
const ANSWER_MS = 5_000;

/** Why a consumer leaves: it was asked to, had nothing to do, could finish nothing more, or lost its broker. */
export type Reason = 'asked' | 'idle' | 'allocation-ends' | 'broker-lost';

/** What a consumer that works goes by. */
export interface Watched {
  readonly workers: TableWorkers;
  /** Computations under way. */
  readonly computing: () => number;
  /** Whether a point of the table that begins now ends within the allocation. */
  readonly fits: (table: string) => boolean;
  readonly endsAtMs: number | null;
  readonly idleExitMs: number | undefined;
  /** Whether the broker was ended for good, as far as is known: answers at once, and knows more the next time. */
  readonly isDown: () => boolean;
  readonly log: Log;
}

/** Looks for tables and for reasons to leave, until there is one or `stopping` aborts. */
export async function untilLeaving(watched: Watched, stopping: AbortSignal): Promise<Reason> {
  const { workers } = watched;
  const discovery = openDiscovery(watched);
  for (;;) {
    // A Redis that is away may never answer: it is asked once, and nobody waits past the end of the allocation for it.
    const patienceMs = Math.min(discovery.isUnderWay ? 0 : ANSWER_MS, lastMomentOf(watched.endsAtMs) - Date.now());
    await unlessStopped(settledWithin(discovery.look(), Math.max(0, patienceMs)), stopping, 0).catch(() => {});
    if (stopping.aborted) return 'asked';
    workers.retire((table) => !watched.fits(table));
    if (workers.served === 0 && (workers.retired > 0 || !watched.fits(''))) return 'allocation-ends';
    const reason = await reasonToLeave(watched, discovery, stopping);
    if (reason !== undefined) return reason;
    await pause(DISCOVER_MS, stopping);
  }
}

/** The search for tables, one at a time. */
interface Discovery {
  /** Resolves when the search that is under way, or one that begins now, has ended; never rejects. */
  look(): Promise<void>;
  readonly isUnderWay: boolean;
  /** When the broker last answered, on the clock of performance.now(). */
  readonly answeredAtMs: number;
}

function openDiscovery({ workers, log }: Watched): Discovery {
  let answeredAtMs = performance.now();
  let underWay: Promise<void> | undefined;
  const look = async (): Promise<void> => {
    try {
      await workers.discover();
      answeredAtMs = performance.now();
    } catch (error) {
      log.warn({ reason: messageOf(error) }, 'the tables cannot be read; trying again');
    }
    underWay = undefined;
  };
  return {
    look: () => (underWay ??= look()),
    get isUnderWay() {
      return underWay !== undefined;
    },
    get answeredAtMs() {
      return answeredAtMs;
    },
  };
}

async function reasonToLeave(watched: Watched, discovery: Discovery, stopping: AbortSignal): Promise<Reason | undefined> {
  const { workers, idleExitMs } = watched;
  const nowMs = performance.now();
  const next = whenIdle({
    idleExitMs,
    inHand: workers.inHand,
    computing: watched.computing(),
    idleMs: nowMs - workers.idleSinceMs,
    silentMs: nowMs - discovery.answeredAtMs,
    isSilent: discovery.isUnderWay,
    // Asked only then: a file system that many share is looked at.
    isDown: discovery.isUnderWay && watched.isDown(),
  });
  if (next === 'give-up') return 'broker-lost';
  if (next === 'leave' || (next === 'ask' && !(await hasQueued(workers, stopping)))) return 'idle';
  return undefined;
}

/** Whether jobs wait; a Redis that does not tell is no reason to leave. */
async function hasQueued(workers: TableWorkers, stopping: AbortSignal): Promise<boolean> {
  const patience = AbortSignal.any([stopping, AbortSignal.timeout(ANSWER_MS)]);
  return await unlessStopped(workers.hasQueued(), patience, 0).catch(() => true);
}
