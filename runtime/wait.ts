import { setTimeout as delay } from 'node:timers/promises';

/** Resolves after `milliseconds`, or at once when `signal` aborts; never rejects. */
export async function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return;
  await delay(milliseconds, undefined, signal === undefined ? {} : { signal }).catch(() => {});
}

/** Resolves with true once `work` has settled, with false where that takes longer than `milliseconds`. */
export async function settledWithin(work: Promise<unknown>, milliseconds: number): Promise<boolean> {
  const timer = new AbortController();
  const settled = work.then(
    () => true,
    () => true,
  );
  const late = delay(milliseconds, false, { signal: timer.signal }).catch(() => false);
  try {
    return await Promise.race([settled, late]);
  } finally {
    timer.abort();
  }
}
