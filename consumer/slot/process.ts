import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Definition } from '../../wire/definition.ts';
import { supervise } from './child.ts';
import { childEnvironment } from './environment.ts';
import type { Reply } from './messages.ts';
import { remoteRunner, type Channel, type ChannelEvents } from './remote-runner.ts';
import type { Runner } from './runner.ts';
import type { RunnerOptions } from './start-runner.ts';

const ENTRY = fileURLToPath(new URL('./worker.mjs', import.meta.url));

/**
 * A runner in a Node process of its own: for modules of the user's, which may crash, exit or print as they
 * like. `noun` names it in messages: "crashed its process".
 */
export function startProcess(definition: Definition, options: RunnerOptions, noun = 'process'): Runner {
  return remoteRunner(definition, (events) => openProcess(definition, options, noun, events));
}

function openProcess(
  definition: Definition,
  options: RunnerOptions,
  noun: string,
  events: ChannelEvents,
): Channel {
  const child = fork(ENTRY, [], {
    serialization: 'advanced',
    execArgv: [],
    env: childEnvironment(process.env),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // A group of its own: Ctrl-C reaches the consumer alone, and whatever the module starts ends with it.
    detached: true,
  });
  const supervised = supervise(child, child, definition.name, options);
  child.on('message', (reply) => events.onReply(reply as Reply));
  void supervised.ended.then((end) => events.onEnd(end));
  return {
    noun,
    post(order) {
      supervised.beginPoint();
      // A child that is gone takes no orders; its end is told by `ended`.
      if (child.connected) child.send(order, () => {});
    },
    kill: () => supervised.kill('SIGKILL'),
  };
}
