import type { Broker } from '../runtime/broker.ts';
import { STREAM_MEASURE_MS } from '../runtime/limits.ts';
import { pause, unlessStopped } from '../runtime/wait.ts';

/** Lets computations begin while the stream has room, so that a slow or absent sink slows us instead of filling Redis. */
export interface Gate {
  /** Resolves once the stream holds no more than its limit, or when `signal` aborts. */
  pass(signal: AbortSignal): Promise<void>;
}

/** A gate that asks Redis for the stream's memory at most once per STREAM_MEASURE_MS, and only when someone passes. */
export function openGate(broker: Broker, limitBytes: number): Gate {
  let measuredAtMs = -Infinity;
  let bytes = 0;
  let measuring: Promise<void> | undefined;
  const measure = async (): Promise<void> => {
    try {
      bytes = (await broker.redis.memory('USAGE', broker.names.stream)) ?? 0;
    } catch {
      // A Redis that does not tell, since it is loading its file, say, is not the point's fault: wait for it as for room.
      bytes = Infinity;
    }
    measuredAtMs = performance.now();
    measuring = undefined;
  };
  const isFresh = (): boolean => performance.now() - measuredAtMs <= STREAM_MEASURE_MS;
  return {
    pass: async (signal) => {
      while (!signal.aborted) {
        if (!isFresh()) await unlessStopped((measuring ??= measure()), signal, 0).catch(() => {});
        if (bytes <= limitBytes) return;
        await pause(STREAM_MEASURE_MS, signal);
      }
    },
  };
}
