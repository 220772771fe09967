import { Worker } from 'node:worker_threads';
import type { Definition } from '../../wire/definition.ts';
import { childEnvironment } from './environment.ts';
import type { Reply } from './messages.ts';
import { logPrinted, type PrintLog } from './printed.ts';
import { remoteRunner, type Channel, type ChannelEvents } from './remote-runner.ts';
import type { Runner } from './runner.ts';
import { WORKER_FILE } from './worker-file.ts';

/**
 * A runner in a thread of this process: for built-ins, which are ours and pure. Rows are transferred, not
 * copied.
 */
export function startThread(definition: Definition, log: PrintLog): Runner {
  return remoteRunner(definition, (events) => openThread(definition, log, events));
}

function openThread(definition: Definition, log: PrintLog, events: ChannelEvents): Channel {
  // execArgv: options of the consumer's own process, such as a test runner's loaders, are not the thread's.
  const options = { env: childEnvironment(process.env), execArgv: [], stdout: true, stderr: true };
  const worker = new Worker(WORKER_FILE, options);
  let how: string | undefined;
  for (const stream of ['stdout', 'stderr'] as const) {
    logPrinted(worker[stream], log, { experiment: definition.name, thread: worker.threadId, stream });
  }
  worker.on('message', (replies: Reply[]) => {
    for (const reply of replies) events.onReply(reply);
  });
  worker.on('error', (error: Error) => {
    how = error.message;
  });
  worker.on('exit', (code) => events.onEnd({ how: how ?? `exit code ${code}` }));
  return {
    noun: 'thread',
    post: (order) => worker.postMessage(order, []),
    kill: () => void worker.terminate(),
  };
}
