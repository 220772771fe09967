import { Interrupted } from './slot.ts';

/** Things that are lent to one borrower at a time, in the order in which the borrowers came. */
export interface Turns<T> {
  /** The free one with the lowest `rank`, the longest free of equals; where none is free, the next given back. */
  take(rank: (free: T) => number, signals: readonly AbortSignal[]): Promise<T>;
  /** All that are free now. */
  takeFree(): T[];
  give(thing: T): void;
  /** Rejects all that wait, and whoever comes later, with `reason`. */
  close(reason: Error): void;
}

/**
 * Turns at `things`, all free. A wait of which a signal aborts rejects with Interrupted and loses its place.
 */
export function openTurns<T>(things: readonly T[]): Turns<T> {
  const free = [...things];
  const waiting = new Set<PromiseWithResolvers<T>>();
  let closed: Error | undefined;

  const wait = async (signals: readonly AbortSignal[]): Promise<T> => {
    const turn = Promise.withResolvers<T>();
    const onAbort = (): void => {
      // Only one that still waits: a turn that was given and not yet taken up must not be lost.
      if (waiting.delete(turn)) turn.reject(new Interrupted());
    };
    waiting.add(turn);
    for (const signal of signals) signal.addEventListener('abort', onAbort);
    try {
      return await turn.promise;
    } finally {
      for (const signal of signals) signal.removeEventListener('abort', onAbort);
    }
  };
  return {
    async take(rank, signals) {
      if (closed !== undefined) throw closed;
      if (signals.some((signal) => signal.aborted)) throw new Interrupted();
      if (free.length === 0) return await wait(signals);
      const ranks = free.map(rank);
      const [thing] = free.splice(ranks.indexOf(Math.min(...ranks)), 1);
      return thing as T;
    },
    takeFree: () => free.splice(0),
    give(thing) {
      const [next] = waiting;
      if (next === undefined) {
        free.push(thing);
      } else {
        waiting.delete(next);
        next.resolve(thing);
      }
    },
    close(reason) {
      closed = reason;
      for (const turn of waiting) turn.reject(reason);
      waiting.clear();
    },
  };
}
