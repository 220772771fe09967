import type { MessagePort } from 'node:worker_threads';
import { openWriter, type Writer } from './writer.ts';
import { faultOf, unpackBatch, type WriterAnswer, type WriterOrder } from './writer-messages.ts';

/** Opens the writer of `data` in this thread and obeys the orders that come through `port`. */
export function serveWriter(port: MessagePort, data: string): void {
  const answer = (work: () => WriterAnswer): void => {
    try {
      port.postMessage(work());
    } catch (error) {
      port.postMessage(faultOf(error));
    }
  };
  let writer: Writer | undefined;
  answer(() => {
    writer = openWriter(data);
    return { kind: 'done', result: undefined };
  });
  port.on('message', (order: WriterOrder) => {
    answer(() => {
      if (order.kind === 'apply') return { kind: 'done', result: writer?.apply(unpackBatch(order.batch)) };
      writer?.close();
      port.close();
      return { kind: 'done', result: undefined };
    });
  });
}
