/** Interval at which a stopwatch sees that its process runs. */
const TICK_MS = 10;

/** Longest time between two ticks that counts: a process that was not run for longer stood still, with all that it waits for. */
const LONGEST_TICK_MS = 50;

/** A clock that stands still while the machine does, so that its bounds hold of the product alone. */
export interface Stopwatch extends Disposable {
  /** Milliseconds in which this process was able to run, since the stopwatch was started. */
  elapsedMs(): number;
  /** Longest time for which it was not. */
  longestHaltMs(): number;
}

/** Starts a stopwatch; it runs until it is disposed of. */
export function startStopwatch(): Stopwatch {
  let [elapsedMs, longestHaltMs, lastMs] = [0, 0, performance.now()];
  const tick = (): void => {
    const sinceMs = performance.now() - lastMs;
    lastMs += sinceMs;
    elapsedMs += Math.min(sinceMs, LONGEST_TICK_MS);
    longestHaltMs = Math.max(longestHaltMs, sinceMs);
  };
  const timer = setInterval(tick, TICK_MS);
  return {
    elapsedMs: () => {
      tick();
      return elapsedMs;
    },
    longestHaltMs: () => {
      tick();
      return longestHaltMs;
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

/** Halt after which a trial that compares with the time of day shows nothing. */
const HALT_MS = 1_000;

/** How often a trial is made before its failure counts, whatever the machine did. */
const TRIALS = 3;

/**
 * Makes a trial that compares with the time of day, which a machine that stands still does not keep up with: where it did
 * so meanwhile, a failure is none, and the trial is made again. Throws what the trial throws on a machine that ran.
 */
export async function unlessHalted(trial: () => Promise<void>): Promise<void> {
  for (let made = 1; ; made += 1) {
    using watch = startStopwatch();
    try {
      return await trial();
    } catch (error) {
      if (watch.longestHaltMs() < HALT_MS || made === TRIALS) throw error;
    }
  }
}
