import type { Definition } from '../../wire/definition.ts';
import type { Point } from '../../wire/point.ts';
import { openGuard } from './guard.ts';
import { openSlot } from './open-slot.ts';
import type { PrintLog } from './printed.ts';
import { Interrupted, type Computed, type Slot } from './slot.ts';
import { startRunner } from './start-runner.ts';
import { openTurns } from './turns.ts';

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
  let running = 0;

  const computeIn = async (
    slot: Slot,
    definition: Definition,
    point: Point,
    signal: AbortSignal,
  ): Promise<Computed> => {
    running += 1;
    try {
      return await slot.compute(definition, point, signal);
    } finally {
      running -= 1;
      turns.give(slot);
    }
  };
  return {
    async compute(definition, point, { queued, running }) {
      const slot = await turns.take((free) => free.holds(definition), [queued, running]);
      return await computeIn(slot, definition, point, running);
    },
    get running() {
      return running;
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
