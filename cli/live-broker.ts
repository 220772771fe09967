import { hostname } from 'node:os';
import type { BrokerFile } from '../runtime/broker-file.ts';
import { SluiceError } from '../runtime/errors.ts';
import { isAlive } from '../runtime/process-alive.ts';
import { answersPing } from '../runtime/redis-ping.ts';

/**
 * Whether the broker of a connection file is up on this machine: its process lives and its Redis takes the password.
 * A process alone proves nothing, since a file may outlive its writer and numbers of processes are used again.
 */
export async function isUp({ host, pid, url }: BrokerFile): Promise<boolean> {
  const { port, password } = new URL(url);
  return host === hostname() && isAlive(pid) && (await answersPing(Number(port), password));
}

/** Throws SluiceError `run-underway` where the broker of `file` is that of a `sluice run` at work. */
export async function refuseDuringRun(file: BrokerFile | undefined): Promise<void> {
  if (file?.by !== 'run' || !(await isUp(file))) return;
  throw new SluiceError(
    'run-underway',
    `a \`sluice run\` (process ${file.pid}) is computing in ${file.data}; ` +
      `interrupt that instead, by Ctrl-C or kill -INT ${file.pid}`,
  );
}
