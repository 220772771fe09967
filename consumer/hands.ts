import { hostname } from 'node:os';
import type { Broker } from '../runtime/broker.ts';
import type { Log } from '../runtime/log.ts';
import type { Delivery } from './deliver.ts';
import { openGate } from './gate.ts';
import type { Hands } from './point-job.ts';
import { computeAlone } from './slot/alone.ts';
import type { Pool } from './slot/pool.ts';

/** What a consumer's hands are made of. */
export interface HandsOptions {
  readonly broker: Broker;
  readonly pool: Pool;
  readonly streamBytes: number;
  readonly onDelivered?: (() => void) | undefined;
  readonly log: Log;
  /** Whether a point of the table that begins now ends within the allocation. */
  readonly fits: (table: string) => boolean;
  /** Told what a point took. */
  readonly learn: (table: string, seconds: number) => void;
}

/** What jobs are handled with; counts in `delivered` what Redis has taken. */
export function openHands(
  options: HandsOptions,
  signals: Pick<Hands, 'stopping' | 'leaving'>,
  delivery: Delivery,
  delivered: { rows: number; failures: number },
): Hands {
  const { broker, pool, log, fits } = options;
  const gate = openGate(broker, options.streamBytes);
  const oneByOne = openSequence();
  return {
    consumer: `${hostname()}:${process.pid}`,
    ...signals,
    fits,
    pass: (signal) => gate.pass(signal),
    compute: async (table, definition, point, until) => {
      const computed = await pool.compute(definition, point, until);
      options.learn(table, computed.seconds);
      return computed;
    },
    computeAlone: (definition, point, signal) => oneByOne(() => computeAlone(definition, point, signal, log)),
    deliver: async (entry) => {
      await delivery.deliver(entry);
      delivered[entry.kind === 'row' ? 'rows' : 'failures'] += 1;
      options.onDelivered?.();
    },
  };
}

/** Lets tasks run one at a time, in the order in which they are given. */
function openSequence(): <Result>(task: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return async (task) => {
    const result = last.then(task);
    last = result.catch(() => {});
    return await result;
  };
}
