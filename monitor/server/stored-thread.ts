import { Worker } from 'node:worker_threads';
import { SluiceError } from '../../runtime/errors.ts';
import type { Question, Questions, Reply } from './stored-messages.ts';

/** A thread that reads databases, so that a slow disk or a long analysis never holds up whoever serves the page. */
export interface StoredThread {
  /** The answer to a question, in turn; rejects with the SluiceError that the database gave. */
  ask<Kind extends keyof Questions>(kind: Kind, data: string, table: string | null): Promise<Questions[Kind]>;
  close(): Promise<void>;
}

/** A thread of the file `entry`, started at the first question, and anew at the next one after it has died. */
export function openStoredThread(entry: URL): StoredThread {
  let running: Running | undefined;
  let nextId = 0;
  return {
    ask: async <Kind extends keyof Questions>(kind: Kind, data: string, table: string | null) => {
      if (running?.isOver !== false) running = start(entry);
      return (await running.ask({ id: nextId++, kind, data, table })) as Questions[Kind];
    },
    close: async () => void (await running?.worker.terminate()),
  };
}

interface Running {
  readonly worker: Worker;
  readonly isOver: boolean;
  ask(question: Question): Promise<Questions[keyof Questions]>;
}

function start(entry: URL): Running {
  const worker = new Worker(entry);
  const waiting = new Map<number, PromiseWithResolvers<Questions[keyof Questions]>>();
  let isOver = false;
  worker.on('message', (reply: Reply) => {
    const asked = waiting.get(reply.id);
    waiting.delete(reply.id);
    if ('answer' in reply) asked?.resolve(reply.answer);
    else asked?.reject(new SluiceError(reply.fault.code, reply.fault.message));
  });
  const die = (): void => {
    isOver = true;
    for (const { reject } of waiting.values()) reject(new SluiceError('thread', 'the thread that reads the database has ended'));
    waiting.clear();
  };
  worker.on('error', die);
  worker.on('exit', die);
  return {
    worker,
    get isOver() {
      return isOver;
    },
    ask: async (question) => {
      const asked = Promise.withResolvers<Questions[keyof Questions]>();
      waiting.set(question.id, asked);
      worker.postMessage(question, []);
      return await asked.promise;
    },
  };
}
