import { pause } from '../runtime/wait.ts';

/** The pause after a commit, in which the next batch gathers. */
export interface Gathering {
  wait(): Promise<void>;
  /** Ends the present pause, and all to come. */
  end(): void;
}

/** Pauses of `batchMs`, cut short when `stopping` aborts. */
export function openGathering(batchMs: number, stopping: AbortSignal): Gathering {
  const ended = new AbortController();
  const over = AbortSignal.any([ended.signal, stopping]);
  return { wait: async () => await pause(batchMs, over), end: () => ended.abort() };
}
