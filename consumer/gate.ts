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
  let measuring: Promise<number> = Promise.resolve(0);
  const streamBytes = (): Promise<number> => {
    if (performance.now() - measuredAtMs > STREAM_MEASURE_MS) {
      measuredAtMs = performance.now();
      measuring = broker.redis.memory('USAGE', broker.names.stream).then((bytes) => bytes ?? 0);
    }
    return measuring;
  };
  return {
    pass: async (signal) => {
      // A Redis that does not tell, since it is loading its file, say, is not the point's fault: wait for it as for room.
      const bytes = (): Promise<number> => unlessStopped(streamBytes(), signal, 0).catch(() => Infinity);
      while (!signal.aborted && (await bytes()) > limitBytes) await pause(STREAM_MEASURE_MS, signal);
    },
  };
}
