import type { Broker } from '../runtime/broker.ts';
import { pause, settledWithin } from '../runtime/wait.ts';

/** Interval at which a stream that drains is asked for its length. */
const ASK_MS = 20;

/** Resolves with true once the stream is empty, with false where that takes longer than `timeoutMs`. */
export async function drained(broker: Broker, timeoutMs: number): Promise<boolean> {
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    const length = broker.redis.xlen(broker.names.stream);
    if (!(await settledWithin(length, Math.max(0, deadlineMs - performance.now())))) return false;
    if ((await length) === 0) return true;
    await pause(ASK_MS);
  }
}
