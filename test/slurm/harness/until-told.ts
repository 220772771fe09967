import { setTimeout as delay } from 'node:timers/promises';
import { until } from '../../system/harness/until.ts';

/** Pause between two questions: each is a process, and would else take a core from those it asks about. */
const ASK_MS = 250;

/** Longest wait where the caller names none: what takes seconds, on a machine that is slow and has much else to do. */
const TIMEOUT_MS = 120_000;

/** What `ask`, which runs a command, is told once that is neither undefined nor false; as `until`, but it asks seldom and waits long. */
export async function untilTold<T>(
  what: string,
  ask: () => Promise<T | undefined | false>,
  timeoutMs = TIMEOUT_MS,
): Promise<T> {
  return await until(
    what,
    async () => {
      const told = await ask();
      if (told === undefined || told === false) await delay(ASK_MS);
      return told;
    },
    timeoutMs,
  );
}
