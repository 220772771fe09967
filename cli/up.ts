import { connectBroker, type Broker } from '../runtime/broker.ts';
import { brokerFileIn, readBrokerFile } from '../runtime/broker-file.ts';
import { startCommand } from '../runtime/child-command.ts';
import { SluiceError, messageOf, mistake } from '../runtime/errors.ts';
import { superseded, whenRaised } from '../runtime/generation.ts';
import type { Log } from '../runtime/log.ts';
import { isOpenToOthers } from '../runtime/make-folder.ts';
import { redactUrl } from '../runtime/redis-address.ts';
import type { Settings } from '../runtime/settings.ts';
import { listenForStop } from '../runtime/signals.ts';
import { supervise, type Part } from '../runtime/supervise.ts';
import { pause, settledWithin } from '../runtime/wait.ts';
import { openReplanner } from '../producer/replan.ts';
import { lockForWriting } from '../store/lock.ts';
import { databasePath } from '../store/open.ts';
import { openStoreIfPresent } from '../store/store.ts';
import { cloudOptions, cloudSettingsOf } from './cloud-settings.ts';
import { allocationOfProcess, logOf, settingsOf, type Invocation } from './command.ts';
import { startBroker, type PrivateBroker } from './own-broker.ts';
import { linesOfUp } from './up-told.ts';
import { startBesideDashboard } from './with-dashboard.ts';

/** Options that say something of the job of --as-job alone. */
const OF_A_JOB = ['time', 'cpus', 'mem', 'setup', 'partition', 'account', 'constraint', 'sbatch', 'dryRun'] as const;

/** Interval at which tables are looked at for points that nobody has in hand. */
const REPLAN_MS = 5_000;

/** Time that planning has to end; where Redis no longer answers, only the end of the connection ends it. */
const PLANNED_MS = 6_000;

/** `sluice up`: a broker and a sink, started again when they fall, until a signal, `sluice down` or a newer broker. */
export async function up(invocation: Invocation): Promise<void> {
  if (invocation.options['asJob'] === true) return await (await import('./up-as-job.ts')).upAsJob(invocation);
  refuseJobOptions(invocation);
  if (invocation.options['detach'] === true) return await (await import('./up-detached.ts')).upDetached(invocation);
  const settings = settingsOf(invocation);
  const log = await logOf(invocation, 'up', settings);
  using stop = listenForStop();
  // What no sink could use would make the sink fall for ever.
  cloudSettingsOf(settings);
  // A database that no sink can open would make the sink fall for ever.
  openStoreIfPresent(settings.data)?.close();
  await using held = new AsyncDisposableStack();
  const own = invocation.options['inJob'] === true ? await startInJob(settings, stop.signal, log) : await start(settings, log);
  if (own === undefined) return stop.settle();
  held.defer(() => own.stop());
  const broker = held.use(await connectBroker(own.found));
  const sink = await supervise('sink', async () => startSink(settings, own), log);
  held.defer(() => sink.stop());
  tell(invocation, settings, own);
  const page = startBesideDashboard(invocation, settings, undefined, own.found.path);
  held.defer(async () => await page?.stop());
  const overtaken = await keepUntil(settings, broker, own, stop.signal, log);
  await held.disposeAsync();
  if (overtaken !== undefined) throw overtaken;
  stop.settle();
}

function refuseJobOptions({ options }: Invocation): void {
  const given = OF_A_JOB.find((name) => options[name] !== undefined);
  if (given !== undefined) throw mistake('bad-option', `--${given === 'dryRun' ? 'dry-run' : given} is an option of \`sluice up --as-job\`, which asks SLURM for a job`);
}

async function start(settings: Settings, log: Log): Promise<PrivateBroker> {
  const job = readBrokerFile(brokerFileIn(settings.data))?.job;
  if (job !== undefined) throw new SluiceError('broker-running', `SLURM job ${job} keeps the broker of ${settings.data}, or is to go on with it; end it first with \`sluice down\``);
  // Whoever writes the database has a broker up for it; the lock is the truth, a file may be a dead one's.
  lockForWriting(settings.data).release();
  const listener = settings.host === undefined ? undefined : await (await import('./up-listener.ts')).listenerFor(settings, settings.host);
  return await startBroker(settings, { by: 'up', listener }, log);
}

async function startInJob(settings: Settings, stop: AbortSignal, log: Log): Promise<PrivateBroker | undefined> {
  const { job } = allocationOfProcess();
  if (job === null) throw mistake('bad-option', '--in-job is for the job that `sluice up --as-job` submits; type that');
  return await (await import('./in-job.ts')).startInJob(settings, job, stop, log);
}

function tell(invocation: Invocation, { data, host }: Settings, own: PrivateBroker): void {
  const { generation } = own;
  const openToOthers = host !== undefined && isOpenToOthers(data);
  const told = { broker: redactUrl(own.found.address.url), database: databasePath(data), pid: process.pid, generation, openToOthers };
  invocation.output.result(told, linesOfUp(told, { inBackground: false }));
}

/** The sink as a child; whatever broker the environment names for others, it serves ours. */
function startSink(settings: Settings, own: PrivateBroker): Part {
  const { data, logLevel, batchRows, batchMs, insecurePlain } = settings;
  const options = ['--data', data, '--log-level', logLevel, '--batch-rows', String(batchRows), '--batch-ms', String(batchMs), ...cloudOptions(settings)];
  const environment = { ...process.env, REDIS_URL: '', SLUICE_CONNECTION: own.found.path, SLUICE_INSECURE_PLAIN: String(insecurePlain) };
  return startCommand(['sink', '--supervised', ...options], environment);
}

/** Keeps the tables planned until `stop` aborts, or until a newer broker has come: then the reason to end. */
async function keepUntil(settings: Settings, broker: Broker, own: PrivateBroker, stop: AbortSignal, log: Log): Promise<SluiceError | undefined> {
  const ending = new AbortController();
  const signal = AbortSignal.any([stop, ending.signal]);
  const planning = keepPlanned(settings, broker, signal, log);
  try {
    const raised = await whenRaised(settings.data, own.generation, signal);
    return raised === undefined ? undefined : superseded(raised, own.generation, settings.data);
  } finally {
    ending.abort();
    await settledWithin(planning, PLANNED_MS);
  }
}

/** Plans again what a lost Redis, or an `enqueue` that was cut off, left without a job. */
async function keepPlanned(settings: Settings, broker: Broker, stop: AbortSignal, log: Log): Promise<void> {
  const { data, waiting, attempts } = settings;
  await using replanner = openReplanner({ broker, data, waiting, attempts, signal: stop, log });
  while (!stop.aborted) {
    try {
      await replanner.replan();
    } catch (error) {
      log.warn({ reason: messageOf(error) }, 'the tables cannot be planned at the moment; trying again');
    }
    await pause(REPLAN_MS, stop);
  }
}
