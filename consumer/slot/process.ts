import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Definition } from '../../wire/definition.ts';
import { supervise } from './child.ts';
import { COMPUTING } from './computing.ts';
import { childEnvironment } from './environment.ts';
import type { Reply } from './messages.ts';
import { remoteRunner, type Channel, type ChannelEvents } from './remote-runner.ts';
import type { Runner } from './runner.ts';
import type { RunnerOptions } from './start-runner.ts';
import { WORKER_FILE } from './worker-file.ts';

/**
 * Stands in as the parent of a lone point's process, and ends as that ends: what kills its parent kills this shell and
 * not the consumer, which would die again of the point that it is to record as failed.
 */
const STAND_IN = `"$0" "$@" &
{ wait $!; code=$?; } 2>/dev/null # a shell's remark on a signal is none of the point's words
[ "$code" -le 128 ] || kill -s "$((code - 128))" $$
exit "$code"`;

/**
 * A runner in a Node process of its own: for modules of the user's, which may crash, exit or print as they
 * like.
 */
export function startProcess(definition: Definition, options: RunnerOptions): Runner {
  return remoteRunner(definition, (events) => openProcess(definition, options, 'process', { execArgv: [] }, events));
}

/** As startProcess, for a point alone: its parent is not this process, and its death is told as "crashed its consumer". */
export function startLoneProcess(definition: Definition, options: RunnerOptions): Runner {
  const launch = { execPath: '/bin/sh', execArgv: ['-c', STAND_IN, process.execPath] };
  return remoteRunner(definition, (events) => openProcess(definition, options, 'consumer', launch, events));
}

function openProcess(
  definition: Definition,
  options: RunnerOptions,
  noun: string,
  launch: { readonly execPath?: string; readonly execArgv: string[] },
  events: ChannelEvents,
): Channel {
  const child = fork(fileURLToPath(WORKER_FILE), [COMPUTING], {
    ...launch,
    serialization: 'advanced',
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
