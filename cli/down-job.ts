import { existsSync } from 'node:fs';
import { addressOf, brokerFileIn, readBrokerFile, writeBrokerFile, writeBrokerFileAtHome, type BrokerFile } from '../runtime/broker-file.ts';
import { SluiceError } from '../runtime/errors.ts';
import { answersPing } from '../runtime/redis-ping.ts';
import { pause } from '../runtime/wait.ts';
import { cancelLaunched } from '../slurm/cancel-launched.ts';
import { brokerJobName, logFolderIn } from '../slurm/job-name.ts';
import { lockForBroker } from '../store/lock.ts';
import { drain, type Left } from './drain.ts';
import { removeBrokerFiles } from './own-broker.ts';

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
    // It goes on, and is to be found again.
    writeBrokerFile(brokerFileIn(file.data), file);
    writeBrokerFileAtHome(file);
    throw error;
  });
  const deadlineMs = performance.now() + END_MS;
  while (isHeld(file.data)) {
    if (performance.now() > deadlineMs) throw new SluiceError('still-up', `job ${file.job} on ${file.host} has not ended yet; see \`squeue --me\` and its log in ${logFolderIn(file.data)}`);
    await pause(LOOK_MS);
  }
  // It may have moved to another node meanwhile, and told of itself anew.
  removeFilesOf(file.job, file);
  return left;
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

/** Has SLURM end a job for the broker of `data` that has not written a connection file yet; true where one may have been there. */
export async function cancelBrokerJob(data: string): Promise<boolean> {
  // Whoever submitted it made the folder of the logs: elsewhere SLURM is not asked at all.
  return existsSync(logFolderIn(data)) && (await cancelLaunched(brokerJobName(data)));
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
