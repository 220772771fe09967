import { addressOf, brokerFileIn, readBrokerFile, writeBrokerFile, writeBrokerFileAtHome, type BrokerFile } from '../runtime/broker-file.ts';
import { SluiceError } from '../runtime/errors.ts';
import { answersPing } from '../runtime/redis-ping.ts';
import { pause } from '../runtime/wait.ts';
import { cancelLaunched } from '../slurm/cancel-launched.ts';
import { brokerJobName, logFolderIn } from '../slurm/job-name.ts';
import { lockForBroker } from '../store/lock.ts';
import { drain, type Left } from './drain.ts';
import { removeBrokerFiles } from './own-broker.ts';
import { forgetSubmitted, submittedBroker } from './submitted-broker.ts';

/** Time that a job gets to hand over and end: SLURM asks it at once, and kills it after half a minute (KillWait). */
const END_MS = 60_000;

/** Interval at which its lock is tried. */
const LOOK_MS = 250;

/**
 * Ends the broker that a SLURM job keeps, also one that waits for a node: lets the stream be committed where it answers,
 * removes the connection files, so that nobody waits for a successor and none is begun, and has SLURM end the job.
 */
export async function downJob(file: BrokerFile): Promise<Left | undefined> {
  const left = (await answersPing(addressOf(file))) ? await drain(file) : NOTHING;
  removeFilesOf(file.job, file);
  await cancelJob(file).catch((error: unknown) => {
    putBack(file);
    throw error;
  });
  const deadlineMs = performance.now() + END_MS;
  while (isHeld(file.data)) {
    if (performance.now() < deadlineMs) {
      await pause(LOOK_MS);
      continue;
    }
    putBack(file);
    throw new SluiceError('still-up', `job ${file.job} on ${file.host} has not ended yet; see \`squeue --me\` and its log in ${logFolderIn(file.data)}`);
  }
  // It may have moved to another node meanwhile, and told of itself anew.
  removeFilesOf(file.job, file);
  forgetSubmitted(file.data);
  return left;
}

/** Makes a broker that goes on to be found again. */
function putBack(file: BrokerFile): void {
  writeBrokerFile(brokerFileIn(file.data), file);
  writeBrokerFileAtHome(file);
}

async function cancelJob({ data, job }: BrokerFile): Promise<void> {
  if (await cancelLaunched(brokerJobName(data))) return;
  throw new SluiceError('other-host', `the broker of ${data} is SLURM job ${job}, and there is no scancel on this machine; type \`sluice down\` on a login host`);
}

/** Removes the connection files of a job, whichever of its brokers wrote them. */
function removeFilesOf(job: string | undefined, { data }: BrokerFile): void {
  const now = readBrokerFile(brokerFileIn(data));
  if (now !== undefined && now.job === job) removeBrokerFiles(now);
}

/** Has SLURM end the job that was submitted for the broker of `data` and keeps none yet, and returns its number; undefined where there was none. */
export async function cancelBrokerJob(data: string): Promise<string | undefined> {
  const job = submittedBroker(data);
  if (job === undefined || !(await cancelLaunched(brokerJobName(data)))) return undefined;
  forgetSubmitted(data);
  return job;
}

const NOTHING: Left = { entries: 0, jobs: 0 };

function isHeld(data: string): boolean {
  try {
    lockForBroker(data).release();
    return false;
  } catch (error) {
    if (error instanceof SluiceError && error.code === 'broker-running') return true;
    throw error;
  }
}
