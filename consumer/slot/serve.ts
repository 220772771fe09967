import { receiveMessageOnPort, type MessagePort } from 'node:worker_threads';
import { HOLD_MS } from './ahead.ts';
import { loadComputation, type Computation } from './computation.ts';
import { CONSUMER_SIGNALS } from './consumer-signals.ts';
import { failureOf } from './failure.ts';
import type { Order, Reply } from './messages.ts';
import { detached } from './transfer.ts';

/**
 * Obeys the orders that arrive at a thread's port, one after the other. Replies are kept back for up to HOLD_MS while
 * orders wait, and then posted together; the buffers of their rows are transferred.
 */
export function serveThread(port: MessagePort): void {
  const obey = obedience();
  const orders: Order[] = [];
  const outbox = openOutbox(port);
  let busy = false;
  const work = async (): Promise<void> => {
    busy = true;
    for (let order = orders.shift(); order !== undefined; order = orders.shift()) {
      outbox.put(await obey(order));
      // Events wait until the computation yields, which it may never do: what has arrived is fetched instead.
      for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port)) orders.push(next.message);
      if (orders.length === 0 || outbox.isDue()) outbox.post();
    }
    busy = false;
  };
  port.on('message', (order: Order) => {
    orders.push(order);
    if (!busy) void work();
  });
}

/** Obeys the orders that arrive at a forked process's channel, and ends with its consumer. */
export function serveProcess(): void {
  const obey = obedience();
  let last = Promise.resolve();
  for (const signal of CONSUMER_SIGNALS) process.on(signal, () => {});
  process.on('disconnect', () => process.exit());
  process.on('message', (order: Order) => {
    last = last.then(async () => void process.send?.(await obey(order)));
  });
}

/** Carries out orders: the first loads an experiment, each further one computes a point of it. Never rejects. */
function obedience(): (order: Order) => Promise<Reply> {
  let computation: Promise<Computation>;
  const carryOut = async (order: Order): Promise<Reply> => {
    if (order.kind === 'load') {
      computation = loadComputation(order.definition);
      await computation;
      return { kind: 'loaded' };
    }
    const compute = await computation;
    return { kind: 'computed', computed: await compute(order.point) };
  };
  return async (order) => await carryOut(order).catch(failureOf);
}

/** Replies that are posted together. */
function openOutbox(port: MessagePort) {
  let replies: Reply[] = [];
  let buffers: ArrayBuffer[] = [];
  let postedAtMs = -Infinity;
  return {
    put: (reply: Reply): void => {
      if (reply.kind !== 'computed') return void replies.push(reply);
      const bare = detached(reply.computed.row);
      replies.push({ kind: 'computed', computed: { ...reply.computed, row: bare.row } });
      buffers.push(...bare.buffers);
    },
    /** Whether the last post was so long ago that what has gathered should go. */
    isDue: (): boolean => performance.now() - postedAtMs >= HOLD_MS,
    post: (): void => {
      port.postMessage(replies, buffers);
      replies = [];
      buffers = [];
      postedAtMs = performance.now();
    },
  };
}
