import { existsSync } from 'node:fs';
import { addressOf, type BrokerFile } from '../runtime/broker-file.ts';
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
 * Ends the broker that a SLURM job keeps, also one that waits for a node: lets the stream be committed where it answers, has
 * SLURM end the job, and removes the connection files, so that consumers do not wait for a successor.
 */
export async function downJob(file: BrokerFile): Promise<Left> {
  const left = (await answersPing(addressOf(file))) ? await drain(file) : NOTHING;
  if (!(await cancelLaunched(brokerJobName(file.data)))) {
    throw new SluiceError('other-host', `the broker of ${file.data} is SLURM job ${file.job}, and there is no scancel on this machine; type \`sluice down\` on a login host`);
  }
  const deadlineMs = performance.now() + END_MS;
  while (isHeld(file.data)) {
    if (performance.now() > deadlineMs) throw new SluiceError('still-up', `job ${file.job} on ${file.host} has not ended yet; see \`squeue --me\` and its log in ${logFolderIn(file.data)}`);
    await pause(LOOK_MS);
  }
  removeBrokerFiles(file);
  return left;
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
