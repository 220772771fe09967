import { z } from 'zod';
import { SILENCE_MS } from '../consumer/idleness.ts';
import { startConsumer, type ConsumeOptions, type Consumed } from '../consumer/consume.ts';
import { openPool } from '../consumer/slot/pool.ts';
import { connectBroker, type Broker } from '../runtime/broker.ts';
import { requireBroker, type FoundBroker } from '../runtime/broker-file.ts';
import { SluiceError, messageOf, mistake } from '../runtime/errors.ts';
import type { Log } from '../runtime/log.ts';
import { openTakenDown, whenNewer } from '../runtime/newer-broker.ts';
import type { Settings } from '../runtime/settings.ts';
import { listenForStop, type StopRequest } from '../runtime/signals.ts';
import { pause } from '../runtime/wait.ts';
import { tableNameSchema } from '../wire/names.ts';
import { allocationOfProcess, logOf, numberOption, settingsOf, type Invocation } from './command.ts';

/** What a consumer is told of its work; the broker, its database and its pool are another for every broker. */
type Work = Omit<ConsumeOptions, 'broker' | 'pool' | 'data' | 'isDown'>;

/** Wait before a broker is tried again that does not answer yet. */
const RETRY_MS = 2_000;

/** Failures to reach a broker that pass: it moves to another node, or comes back. */
const AT_START = ['redis-unreachable'];

/** Those that pass while a newer one takes over: its file and its server change one after the other. */
const WHILE_TAKING_OVER = [...AT_START, 'no-broker', 'redis-password'];

/** Time that a process whose work is done gets to end by itself. */
const LINGER_MS = 1_000;

const seconds = z.number().nonnegative('at least 0 seconds');

/** `sluice consume`: one consumer process, until a signal, until it was idle for long enough, or the end of its allocation. */
export async function consume(invocation: Invocation): Promise<void> {
  const settings = settingsOf(invocation);
  const work = await workOf(invocation, settings);
  const jitter = numberOption(invocation, 'jitter', '--jitter', seconds) ?? 0;
  using stop = listenForStop();
  await pause(Math.random() * jitter * 1000, stop.signal);
  using _ = endsAfterwards();
  const total = { rows: 0, failures: 0 };
  const add = ({ rows, failures }: Consumed): void => {
    total.rows += rows;
    total.failures += failures;
  };
  if (!stop.signal.aborted) await follow(settings, invocation, work, stop, add);
  invocation.output.result(total, [`consumer left: ${total.rows} rows, ${total.failures} failures delivered`]);
  stop.settle();
}

/**
 * Sees to it that the process ends when its work is done: a BullMQ worker whose Redis has gone can be neither closed nor
 * forced to, and the timer by which it renews locks would hold the allocation until its walltime.
 */
function endsAfterwards(): Disposable {
  return { [Symbol.dispose]: () => void setTimeout(() => process.exit(), LINGER_MS).unref() };
}

async function workOf(invocation: Invocation, settings: Settings): Promise<Work> {
  const idleExit = numberOption(invocation, 'idleExit', '--idle-exit', seconds);
  return {
    tables: invocation.arguments.length > 0 ? invocation.arguments.map(checkedTable) : undefined,
    slots: settings.threads,
    streamBytes: settings.streamBytes,
    graceMs: settings.grace * 1000,
    idleExitMs: idleExit === undefined ? undefined : idleExit * 1000,
    allocation: allocationOfProcess(),
    log: await logOf(invocation, 'consume', settings),
  };
}

/** Serves the broker, and every newer one that takes its place; `add` is told of what each was given. */
async function follow(settings: Settings, invocation: Invocation, work: Work, stop: StopRequest, add: (consumed: Consumed) => void): Promise<void> {
  const { idleExitMs } = work;
  let reached = await reach(settings, stop.signal, work.log, idleExitMs ?? 0, AT_START);
  while (reached !== undefined) {
    const { found } = reached;
    // Rows that Redis does not take are for the broker's sink, wherever we were started.
    const data = invocation.options['data'] === undefined ? (found.file?.data ?? settings.data) : settings.data;
    const { consumed, isOvertaken } = await serve(reached, { ...work, data }, stop);
    add(consumed);
    if (consumed.why === 'broker-lost') {
      throw new SluiceError('broker-lost', `the broker at ${found.path ?? 'that URL'} has not answered for long; rows that it did not take are in the spool of ${data}`);
    }
    if (!isOvertaken) return;
    reached = await reach(settings, stop.signal, work.log, idleExitMs === undefined ? Infinity : SILENCE_MS, WHILE_TAKING_OVER);
    if (reached !== undefined) work.log.info({ generation: reached.found.file?.generation }, 'a newer broker has taken over; going on with that');
  }
}

/** Consumes from one broker until it is time to leave, or until a newer one has come. */
async function serve({ found, broker }: Reached, work: Work & { readonly data: string }, stop: StopRequest): Promise<{ consumed: Consumed; isOvertaken: boolean }> {
  await using open = broker;
  const pool = openPool({ slots: work.slots, log: work.log });
  const consumer = startConsumer({ ...work, broker: open, pool, isDown: openTakenDown(found) });
  const served = new AbortController();
  stop.onRequest(() => consumer.stop(), served.signal);
  const overtaking = whenNewer(found, AbortSignal.any([stop.signal, served.signal])).then((isNewer) => {
    if (isNewer) consumer.stop();
    return isNewer;
  });
  const consumed = await consumer.left.finally(() => served.abort());
  return { consumed, isOvertaken: await overtaking };
}

/** A broker that answered, and where it was found. */
interface Reached {
  readonly found: FoundBroker;
  readonly broker: Broker;
}

/**
 * The broker once it answers; throws any failure but a `passing` one, and that too after `patienceMs`, or SILENCE_MS where
 * that is longer and the connection file names a SLURM job: that is on its way to another node. Undefined where we are to stop.
 */
async function reach(settings: Settings, stop: AbortSignal, log: Log, patienceMs: number, passing: readonly string[]): Promise<Reached | undefined> {
  const startedAtMs = performance.now();
  for (let tries = 1; !stop.aborted; tries += 1) {
    let found: FoundBroker | undefined;
    try {
      found = await requireBroker(settings);
      return { found, broker: await connectBroker(found) };
    } catch (error) {
      const patience = found?.file?.job === undefined ? patienceMs : Math.max(patienceMs, SILENCE_MS);
      const passes = error instanceof SluiceError && passing.includes(error.code);
      if (!passes || performance.now() - startedAtMs >= patience) throw error;
      if (tries === 1) log.warn({ reason: messageOf(error) }, 'the broker does not answer yet; trying again');
    }
    // Consumers that lost the same broker do not all come back in the same instant.
    await pause(RETRY_MS * (0.5 + Math.random()), stop);
  }
  return undefined;
}

function checkedTable(name: string): string {
  const parsed = tableNameSchema.safeParse(name);
  if (parsed.success) return parsed.data;
  throw mistake('bad-table-name', `table ${JSON.stringify(name)}: ${parsed.error.issues[0]?.message}`);
}
