import type { Broker } from '../runtime/broker.ts';
import { STREAM_MEASURE_MS } from '../runtime/limits.ts';
import { pause } from '../runtime/wait.ts';

/** Lets computations begin while the stream has room, so that a slow or absent sink slows us instead of filling Redis. */
export interface Gate {
  /** Resolves once the stream holds no more than its limit, or when `signal` aborts. */
  pass(signal: AbortSignal): Promise<void>;
  /** Whether somebody waits for room. */
  readonly isHolding: boolean;
}

/** A gate that asks Redis for the stream's memory at most once per STREAM_MEASURE_MS, and only when someone passes. */
export function openGate(broker: Broker, limitBytes: number): Gate {
  let measuredAtMs = -Infinity;
  let measuring: Promise<number> = Promise.resolve(0);
  let holding = 0;
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
      while (!signal.aborted && (await streamBytes().catch(() => Infinity)) > limitBytes) {
        holding += 1;
        await pause(STREAM_MEASURE_MS, signal);
        holding -= 1;
      }
    },
    get isHolding() {
      return holding > 0;
    },
  };
}
