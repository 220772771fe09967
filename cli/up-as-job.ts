import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { brokerFileIn, addressOf, readBrokerFile, type BrokerFile } from '../runtime/broker-file.ts';
import { SluiceError, mistake } from '../runtime/errors.ts';
import { readGeneration } from '../runtime/generation.ts';
import { answersPing } from '../runtime/redis-ping.ts';
import { redactUrl } from '../runtime/redis-address.ts';
import type { Settings } from '../runtime/settings.ts';
import { listenForStop } from '../runtime/signals.ts';
import { pause } from '../runtime/wait.ts';
import { BROKER_CPUS, BROKER_MEMORY, BROKER_TIME, brokerScript } from '../slurm/broker-script.ts';
import { brokerJobName, logFolderIn } from '../slurm/job-name.ts';
import { latestCall, readSlurmQueue } from '../slurm/queue.ts';
import type { SlurmTask } from '../slurm/squeue-answer.ts';
import { submit, testSubmission } from '../slurm/submit.ts';
import { makeDataDirectory } from '../store/open.ts';
import { settingsOf, type Invocation } from './command.ts';
import { requestOf } from './job-request.ts';
import { refuseOtherBrokerAtHome } from './live-broker.ts';
import { noteSubmitted, submittedBroker } from './submitted-broker.ts';
import { thisCheckout } from './this-checkout.ts';
import { AUTO } from './up-listener.ts';

/** Interval at which the connection file is looked at. */
const LOOK_MS = 1_000;

/** `sluice up --as-job`: submits a broker as a SLURM job, and waits until it answers, unless told not to. */
export async function upAsJob(invocation: Invocation): Promise<void> {
  const settings = settingsOf(invocation);
  const { output, options } = invocation;
  const data = resolve(settings.data);
  const name = brokerJobName(data);
  if (settings.host !== undefined && settings.host !== AUTO) {
    throw mistake('bad-host', `--host ${settings.host}: the address of a job is that of its node, which nobody knows before; leave out --host, SLUICE_HOST and "host"`);
  }
  const unless = { name, time: BROKER_TIME, cpus: BROKER_CPUS, mem: BROKER_MEMORY };
  const script = brokerScript({ ...requestOf(invocation, settings, unless), places: { ...thisCheckout(), logs: logFolderIn(data) }, connection: brokerFileIn(data), up: upWords({ ...settings, data }) });
  if (options['dryRun'] === true) return output.result({ name, script }, [script.trimEnd()]);
  await refuseAnother(settings, name, (line) => output.line(line));
  await testSubmission(script);
  makeDataDirectory(data);
  mkdirSync(logFolderIn(data), { recursive: true, mode: 0o700 });
  const before = await readGeneration(data);
  using stop = listenForStop();
  const job = await submit(script);
  noteSubmitted(data, job);
  const log = `${logFolderIn(data)}/${name}-${job}.log`;
  const told = { job, name, log };
  if (options['detach'] === true) return output.result(told, [`job ${job} will keep the broker of ${data}; its log is ${log}`, END]);
  output.line(`job ${job}, as ${name}: waiting for its broker; Ctrl-C leaves it in the queue`);
  const file = await whenUp(data, before, { job, log }, stop.signal);
  if (file === undefined) return stop.settle();
  const broker = redactUrl(file.url);
  output.result({ ...told, broker, host: file.host, generation: file.generation }, [`broker up at ${broker} on ${file.host}, rows go to ${data}; its log is ${log}`, END]);
}

const END = '`npx sluice down` ends it; it goes back into the queue when its walltime ends, and its successor goes on';

/** The options of `sluice up` in the job: whatever was typed, and read from the environment here, holds there. */
function upWords({ data, namespace, insecurePlain, waiting, batchRows, batchMs, attempts, logLevel }: Settings): string[] {
  const values = { data, namespace, host: AUTO, waiting, 'batch-rows': batchRows, 'batch-ms': batchMs, attempts, 'log-level': logLevel };
  return [...Object.entries(values).flatMap(([option, value]) => [`--${option}`, String(value)]), ...(insecurePlain ? ['--insecure-plain'] : [])];
}

/** Throws `broker-running` where a broker of the data folder is up, or a job for one is in SLURM's queue. */
async function refuseAnother(settings: Settings, name: string, say: (line: string) => void): Promise<void> {
  await refuseOtherBrokerAtHome(settings);
  const file = readBrokerFile(brokerFileIn(settings.data));
  const end = 'use that one, or end it first with `sluice down`';
  if (file !== undefined && (await answersPing(addressOf(file)))) {
    throw new SluiceError('broker-running', `a broker of ${settings.data} is up on ${file.host}; ${end}`);
  }
  const queued = await jobInQueue(name, settings.data, say);
  if (queued !== undefined) throw new SluiceError('broker-running', `job ${queued.id} (${queued.state}) keeps the broker of ${settings.data}; ${end}`);
}

/**
 * The job called `name` in SLURM's queue. Where one was submitted before, an answer that is older than this question is not
 * believed: it may lack that job, or have it still.
 */
async function jobInQueue(name: string, data: string, say: (line: string) => void): Promise<SlurmTask | undefined> {
  const before = latestCall();
  const wasSubmitted = submittedBroker(data) !== undefined;
  for (let isFirst = true; ; isFirst = false) {
    const known = await readSlurmQueue();
    const queued = known?.answer?.tasks.find((task) => task.name === name);
    const mayBeOld = (wasSubmitted || queued !== undefined) && known?.error === undefined && (known?.answer?.call ?? 0) <= before;
    if (known === undefined || !mayBeOld) return queued;
    if (isFirst) say('a job for the broker of this folder was submitted before; asking SLURM how it stands, in half a minute at most');
    await pause(LOOK_MS);
  }
}

/** The connection file of a broker newer than `generation`, once it answers; undefined once `stop` aborts. */
async function whenUp(data: string, generation: number, { job, log }: { job: string; log: string }, stop: AbortSignal): Promise<BrokerFile | undefined> {
  const before = latestCall();
  while (!stop.aborted) {
    const file = readBrokerFile(brokerFileIn(data));
    if (file !== undefined && file.generation > generation && (await answersPing(addressOf(file)))) return file;
    const known = await readSlurmQueue();
    const isGone = known?.answer !== undefined && known.answer.call > before && !known.answer.tasks.some(({ id }) => id === job);
    if (isGone) throw new SluiceError('up-failed', `job ${job} has ended before its broker answered; its log is ${log}`);
    await pause(LOOK_MS, stop);
  }
  return undefined;
}
