import type { MessagePort } from 'node:worker_threads';
import { SluiceError, messageOf } from '../../runtime/errors.ts';
import { openAnalyses, type Reduce } from './analyses.ts';
import type { Question, Questions, Reply } from './stored-messages.ts';
import { openStoredLooker } from './stored-look.ts';

/** Answers, in this thread, the questions that come through `port`, one after the other. */
export function serveStored(port: MessagePort, reduce: Reduce): void {
  const look = openStoredLooker();
  const analyses = openAnalyses(reduce);
  const answers: { readonly [Kind in keyof Questions]: (data: string, table: string) => Questions[Kind] | Promise<Questions[Kind]> } = {
    look: (data, table) => look(data, table === '' ? null : table),
    plots: async (data, table) => await analyses.plots(data, table),
    points: (data, table) => analyses.points(data, table),
    answer: async (data, table) => await analyses.answer(data, table),
  };
  let last = Promise.resolve();
  const reply = async ({ id, kind, data, table }: Question): Promise<Reply> => {
    try {
      return { id, answer: await answers[kind](data, table ?? '') };
    } catch (error) {
      return { id, fault: { code: error instanceof SluiceError ? error.code : 'unexpected', message: messageOf(error) } };
    }
  };
  port.on('message', (question: Question) => {
    last = last.then(async () => port.postMessage(await reply(question)));
  });
}
