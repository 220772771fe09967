import type { Definition } from '../../wire/definition.ts';
import type { Point } from '../../wire/point.ts';
import { openGuard } from './guard.ts';
import { openSlot } from './open-slot.ts';
import type { PrintLog } from './printed.ts';
import { Interrupted, type Computed, type Slot } from './slot.ts';
import { startRunner } from './start-runner.ts';
import { openTurns } from './turns.ts';

/**
 * A thread whose last computation was shorter takes the next one while it computes, so that it never waits for the
 * event loop. Longer ones are not given ahead: behind them a point would wait while another slot is free.
 */
const AHEAD_BELOW_SECONDS = 0.05;

/** When a computation is interrupted. */
export interface PoolSignals {
  /** Aborted, it loses its place in the queue; one that runs goes on. */
  readonly queued: AbortSignal;
  /** Aborted, it is interrupted wherever it is. */
  readonly running: AbortSignal;
}

/** As many computations at once as there are slots; the others wait their turn. */
export interface Pool {
  /**
   * The row at `point`, from the first slot that is free, first come first served. Rejects with a
   * ComputationError where the point fails, and with Interrupted, at once, where a signal aborts or the pool
   * closes.
   */
  compute(definition: Definition, point: Point, signals: PoolSignals): Promise<Computed>;
  /** Computations under way; at most the number of slots. */
  readonly running: number;
  /**
   * Starts what computes `definition` in every slot that is free, and resolves when all are ready for points.
   */
  warm(definition: Definition): Promise<void>;
  /** Interrupts what runs and what waits; no thread or process is left when it resolves, within 2 s. */
  close(): Promise<void>;
}

/** A pool of `slots` slots, at least 1, which are empty until the first computation or `warm`. */
export function openPool(options: { readonly slots: number; readonly log: PrintLog }): Pool {
  const guard = openGuard();
  const slots = Array.from({ length: options.slots }, () =>
    openSlot((definition) => startRunner(definition, { log: options.log, guard })),
  );
  const turns = openTurns(slots);
  /** Slots that take a second computation while the first still runs. */
  const ahead = new Set<Slot>();
  const inHand = new Map<Slot, number>(slots.map((slot) => [slot, 0]));

  /** Gives back the place of a computation that has ended, with one more or one less than before. */
  const giveBack = (slot: Slot, isShort: boolean): void => {
    const hadTwo = ahead.has(slot);
    if (isShort) ahead.add(slot);
    else ahead.delete(slot);
    if (isShort || !hadTwo) turns.give(slot);
    if (isShort && !hadTwo) turns.give(slot);
  };
  const count = (slot: Slot, change: number): void => void inHand.set(slot, (inHand.get(slot) ?? 0) + change);
  const computeIn = async (slot: Slot, definition: Definition, point: Point, signal: AbortSignal): Promise<Computed> => {
    let isShort = false;
    count(slot, 1);
    try {
      const computed = await slot.compute(definition, point, signal);
      isShort = definition.kind === 'builtin' && computed.seconds < AHEAD_BELOW_SECONDS;
      return computed;
    } finally {
      count(slot, -1);
      giveBack(slot, isShort);
    }
  };
  return {
    async compute(definition, point, { queued, running }) {
      const isBest = (free: Slot): boolean => inHand.get(free) === 0 && free.holds(definition);
      const slot = await turns.take(isBest, [queued, running]);
      return await computeIn(slot, definition, point, running);
    },
    get running() {
      return [...inHand.values()].filter((computations) => computations > 0).length;
    },
    async warm(definition) {
      await Promise.all(
        turns.takeFree().map(async (slot) => await slot.warm(definition).finally(() => turns.give(slot))),
      );
    },
    async close() {
      turns.close(new Interrupted('the pool is closed'));
      await Promise.all(slots.map((slot) => slot.close()));
      await guard.close();
    },
  };
}
