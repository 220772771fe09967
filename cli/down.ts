import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { addressOf, brokerFileIn, readBrokerFile, type BrokerFile } from '../runtime/broker-file.ts';
import { SluiceError } from '../runtime/errors.ts';
import { isAlive } from '../runtime/process-alive.ts';
import { answersPing } from '../runtime/redis-ping.ts';
import { pause } from '../runtime/wait.ts';
import { settingsOf, type Invocation } from './command.ts';
import { cancelBrokerJob, downJob } from './down-job.ts';
import { drain, linesOfLeft } from './drain.ts';
import { isUp, refuseDuringRun } from './live-broker.ts';

/** Time that `sluice up` gets to commit what it has read and to end. */
const DOWN_TIMEOUT_MS = 30_000;

/** Time that `sluice up` gets to start a fallen Redis again, before its process is taken for another's. */
const RESTART_MS = 3_000;

/** Interval at which a state is looked at. */
const LOOK_MS = 50;

/** `sluice down`: lets the stream be committed, asks `sluice up` of this data folder to end, and waits until it has. */
export async function down(invocation: Invocation): Promise<void> {
  const { data } = settingsOf(invocation);
  const file = readBrokerFile(brokerFileIn(data));
  if (file?.job !== undefined) {
    const left = await downJob(file);
    return invocation.output.result({ stopped: true, job: file.job, ...left }, [`job ${file.job} with broker and sink of ${data} has ended`, ...linesOfLeft(left)]);
  }
  if (file !== undefined && file.host !== hostname() && (await answersPing(addressOf(file)))) {
    throw new SluiceError('other-host', `the broker of ${data} is up on ${file.host}; type \`sluice down\` there`);
  }
  if (file === undefined || !(await answersSoon(file))) {
    const job = await cancelBrokerJob(resolve(data));
    const text = `nothing is up for the data folder ${data}`;
    return job === undefined ? invocation.output.result({ stopped: false }, [text]) : invocation.output.result({ stopped: false, job }, [`${text}; job ${job}, which was to keep a broker for it, is ended`]);
  }
  await refuseDuringRun(file);
  const left = await drain(file);
  process.kill(file.pid, 'SIGTERM');
  const deadlineMs = performance.now() + DOWN_TIMEOUT_MS;
  while (isAlive(file.pid)) {
    if (performance.now() > deadlineMs) throw new SluiceError('still-up', `process ${file.pid} has not ended yet; look at its log`);
    await pause(LOOK_MS);
  }
  // One that was submitted and waits would bring a broker up again.
  await cancelBrokerJob(resolve(data));
  invocation.output.result({ stopped: true, pid: file.pid, ...left }, [`broker and sink of ${data} have ended`, ...linesOfLeft(left)]);
}

async function answersSoon(file: BrokerFile): Promise<boolean> {
  const deadlineMs = performance.now() + RESTART_MS;
  while (isAlive(file.pid)) {
    if (await isUp(file)) return true;
    if (performance.now() > deadlineMs) return false;
    await pause(LOOK_MS);
  }
  return false;
}
