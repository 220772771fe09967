import type { Point } from '../../wire/point.ts';
import type { Computed } from './slot.ts';

/** Something alive that computes one experiment: a thread, a process, or a program. */
export interface Runner {
  /** False from the moment it ends or is ended; it is never used again then. */
  readonly live: boolean;
  /** Resolves when the experiment is loaded; rejects with a ComputationError where it cannot be. */
  ready(): Promise<void>;
  /** As Slot's `compute`; a call while another runs waits for it, and is interrupted where that one ends the runner. */
  compute(point: Point, signal: AbortSignal): Promise<Computed>;
  /** Ends it, interrupting what it computes; resolves when it is gone, however often it is called. */
  end(): Promise<void>;
}
