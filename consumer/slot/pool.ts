import type { Definition } from '../../wire/definition.ts';
import type { Point } from '../../wire/point.ts';
import { openGuard } from './guard.ts';
import { placesOf } from './ahead.ts';
import { openSlot } from './open-slot.ts';
import type { PrintLog } from './printed.ts';
import { Interrupted, type Computed, type Slot } from './slot.ts';
import { startRunner } from './start-runner.ts';
import { openTurns } from './turns.ts';

/** What starting a thread or process costs, in computations that another slot may have in hand instead. */
const COLD_START = 0.5;

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
  const places = new Map<Slot, number>(slots.map((slot) => [slot, 1]));
  const inHand = new Map<Slot, number>(slots.map((slot) => [slot, 0]));

  /** Gives back the place of a computation that has ended, and as many more or less as the slot now is to have. */
  const giveBack = (slot: Slot, wanted: number): void => {
    const had = places.get(slot) ?? 1;
    const now = wanted < had ? had - 1 : wanted;
    places.set(slot, now);
    for (let place = had - 1; place < now; place += 1) turns.give(slot);
  };
  const load = (slot: Slot): number => inHand.get(slot) ?? 0;
  const computeIn = async (slot: Slot, definition: Definition, point: Point, signal: AbortSignal): Promise<Computed> => {
    let wanted = 1;
    inHand.set(slot, load(slot) + 1);
    try {
      const computed = await slot.compute(definition, point, signal);
      wanted = definition.kind === 'builtin' ? placesOf(computed.seconds) : 1;
      return computed;
    } finally {
      inHand.set(slot, load(slot) - 1);
      giveBack(slot, wanted);
    }
  };
  return {
    async compute(definition, point, { queued, running }) {
      const rank = (free: Slot): number => load(free) + (free.holds(definition) ? 0 : COLD_START);
      const slot = await turns.take(rank, [queued, running]);
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
