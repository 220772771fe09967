import { hostname } from 'node:os';
import { brokerFileIn, readBrokerFile } from '../runtime/broker-file.ts';
import { SluiceError } from '../runtime/errors.ts';
import { isAlive } from '../runtime/process-alive.ts';
import { pause } from '../runtime/wait.ts';
import { settingsOf, type Invocation } from './command.ts';

/** Time that `sluice up` gets to commit what it has read and to end. */
const DOWN_TIMEOUT_MS = 30_000;

/** `sluice down`: asks `sluice up` of this data folder to end, and waits until it has. */
export async function down(invocation: Invocation): Promise<void> {
  const { data } = settingsOf(invocation);
  const file = brokerFileIn(data);
  const broker = readBrokerFile(file);
  if (broker === undefined || (broker.host === hostname() && !isAlive(broker.pid))) {
    return invocation.output.result({ stopped: false }, [`nothing is up for the data folder ${data}`]);
  }
  if (broker.host !== hostname()) {
    throw new SluiceError('other-host', `the broker of ${data} is up on ${broker.host}; type \`sluice down\` there`);
  }
  process.kill(broker.pid, 'SIGTERM');
  const deadlineMs = performance.now() + DOWN_TIMEOUT_MS;
  while (isAlive(broker.pid)) {
    if (performance.now() > deadlineMs) throw new SluiceError('still-up', `process ${broker.pid} has not ended yet; look at its log`);
    await pause(50);
  }
  invocation.output.result({ stopped: true, pid: broker.pid }, [`broker and sink of ${data} have ended`]);
}
