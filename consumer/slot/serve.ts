import type { MessagePort } from 'node:worker_threads';
import { loadComputation, type Computation } from './computation.ts';
import { CONSUMER_SIGNALS } from './consumer-signals.ts';
import { failureOf } from './failure.ts';
import type { Order, Reply } from './messages.ts';
import { detached } from './transfer.ts';

/** Obeys the orders that arrive at a thread's port; the buffers of its rows are transferred. */
export function serveThread(port: MessagePort): void {
  port.on(
    'message',
    obeying((reply) => {
      if (reply.kind !== 'computed') return port.postMessage(reply);
      const { row, buffers } = detached(reply.computed.row);
      port.postMessage({ kind: 'computed', computed: { ...reply.computed, row } } satisfies Reply, buffers);
    }),
  );
}

/** Obeys the orders that arrive at a forked process's channel, and ends with its consumer. */
export function serveProcess(): void {
  for (const signal of CONSUMER_SIGNALS) process.on(signal, () => {});
  process.on('disconnect', () => process.exit());
  process.on(
    'message',
    obeying((reply) => void process.send?.(reply)),
  );
}

/**
 * Obeys one order after the other: a computation that never yields must not hold back the reply before it.
 */
function obeying(reply: (reply: Reply) => void): (order: Order) => void {
  let computation: Promise<Computation>;
  let last = Promise.resolve();
  const obey = async (order: Order): Promise<Reply> => {
    if (order.kind === 'load') {
      computation = loadComputation(order.definition);
      await computation;
      return { kind: 'loaded' };
    }
    const compute = await computation;
    return { kind: 'computed', computed: await compute(order.point) };
  };
  return (order) => {
    last = last
      .then(() => obey(order))
      .catch(failureOf)
      .then(reply);
  };
}
