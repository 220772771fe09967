import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { consumerStep } from '../setup/consumer.mjs';
import { brokerFileAtHome, findBroker, type FoundBroker } from '../runtime/broker-file.ts';
import { SluiceError } from '../runtime/errors.ts';
import { isLoopback } from '../runtime/redis-address.ts';
import { answersPing } from '../runtime/redis-ping.ts';
import type { Settings } from '../runtime/settings.ts';
import { logFolderIn } from '../slurm/job-name.ts';
import type { LaunchOptions, Places } from '../slurm/launch-options.ts';
import { launchedScript, submit, testSubmission } from '../slurm/submit.ts';
import { walltimeText } from '../slurm/walltime.ts';
import { settingsOf, type Invocation } from './command.ts';
import { launchCluster } from './launch-cluster.ts';
import { boundsOf, launchOptionsOf } from './launch-options.ts';
import { thisCheckout } from './this-checkout.ts';

/**
 * `sluice launch`: submits consumers as one array job, or looks after a cluster of them; with --dry-run shows the script,
 * and asks nobody anything.
 */
export async function launch(invocation: Invocation): Promise<void> {
  const settings = settingsOf(invocation);
  const found = findBroker(settings);
  const data = found?.file?.data ?? resolve(settings.data);
  const options = launchOptionsOf(invocation, settings, data, placesFor(found, settings, data));
  const script = launchedScript(options);
  if (invocation.options['dryRun'] === true) {
    return invocation.output.result({ name: options.name, script }, [script.trimEnd()]);
  }
  await requireReachable(found);
  requireBundle();
  await testSubmission(script);
  mkdirSync(logFolderIn(data), { recursive: true, mode: 0o700 });
  const bounds = boundsOf(invocation);
  const [table] = options.tables;
  if (bounds !== undefined && table !== undefined) return await launchCluster(invocation, settings, { ...bounds, launch: options, table, data });
  const job = await submit(script);
  const document = { job, name: options.name, way: options.way, tasks: options.tasks, logs: logFolderIn(data) };
  invocation.output.result(document, toldOf(job, options, logFolderIn(data)));
}

function placesFor(found: FoundBroker | undefined, settings: Settings, data: string): Places {
  const connection = found?.path ?? resolve(settings.connection ?? brokerFileAtHome(settings.namespace));
  return { ...thisCheckout(), connection, logs: logFolderIn(data) };
}

/** Throws where the consumers could not reach the broker: none, one on loopback, one that does not answer, one of a URL. */
async function requireReachable(found: FoundBroker | undefined): Promise<void> {
  const start = 'start one that nodes reach with `sluice up --host auto --detach`';
  if (found === undefined) throw new SluiceError('no-broker', `there is no broker that the consumers could serve; ${start}`);
  if (found.path === undefined) {
    throw new SluiceError('no-broker', `a URL with its password may not go into a job; name the connection file of a \`sluice up\` with SLUICE_CONNECTION, or ${start}`);
  }
  if (isLoopback(new URL(found.address.url).hostname)) throw new SluiceError('broker-local', `the broker of ${found.path} listens on this machine's loopback alone; end it with \`sluice down\` and ${start}`);
  if (!(await answersPing(found.address))) {
    throw new SluiceError('redis-unreachable', `the broker of ${found.path} does not answer; ${found.file?.job === undefined ? start : found.advice}`);
  }
}

function requireBundle(): void {
  const { checkout } = thisCheckout();
  const reason = consumerStep.missing({ root: checkout });
  if (reason !== undefined) throw new SluiceError('no-bundle', `${reason}, and nodes run that; type \`npm run setup\` in ${checkout}`);
}

function toldOf(job: string, { tables, tasks, cpus, time, name }: LaunchOptions, logs: string): string[] {
  const each = cpus === undefined ? 'a whole node' : counted(cpus, 'CPU');
  const [table] = tables.length === 1 ? tables : [];
  return [
    `job ${job}: ${counted(tasks, 'consumer')} of ${each} for ${walltimeText(time)}, as ${name}; logs in ${logs}`,
    table === undefined ? `\`scancel ${job}\` ends them` : `\`npx sluice status ${table}\` counts; \`npx sluice cancel ${table}\` ends them and the table's plan`,
  ];
}

function counted(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
