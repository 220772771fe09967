import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { addressOf, brokerFileAtHome, readBrokerFile, type BrokerFile } from '../runtime/broker-file.ts';
import { SluiceError } from '../runtime/errors.ts';
import { isAlive } from '../runtime/process-alive.ts';
import { answersPing } from '../runtime/redis-ping.ts';

/**
 * Whether the broker of a connection file is up on this machine: its process lives and its Redis takes the password.
 * A process alone proves nothing, since a file may outlive its writer and numbers of processes are used again.
 */
export async function isUp(file: BrokerFile): Promise<boolean> {
  return file.host === hostname() && isAlive(file.pid) && (await answersPing(addressOf(file)));
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

/** Throws SluiceError `namespace-taken` where the home tells of the broker of another data folder, and that one answers. */
export async function refuseOtherBrokerAtHome({ data, namespace }: { readonly data: string; readonly namespace: string }): Promise<void> {
  const path = brokerFileAtHome(namespace);
  const file = readBrokerFile(path);
  if (file === undefined || file.data === resolve(data) || !(await answersPing(addressOf(file)))) return;
  throw new SluiceError(
    'namespace-taken',
    `${path} tells consumers of the broker of ${file.data}, which is up on ${file.host}; give this one a name of its own with --namespace NAME`,
  );
}
