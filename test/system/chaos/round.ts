import { join } from 'node:path';
import seedrandom from 'seedrandom';
import { planOf } from '../../../experiment/plan.ts';
import { resolveExperiment } from '../../../experiment/registry.ts';
import { canonicalSpec, parseSpec } from '../../../experiment/spec.ts';
import { svdBlockSpec } from '../../../experiment/svd-block/shorthand.ts';
import { offer, plan } from '../../../producer/produce.ts';
import { openReplanner } from '../../../producer/replan.ts';
import { silentLog } from '../../../runtime/log.ts';
import { ATTEMPTS, WAITING_JOBS } from '../../../runtime/limits.ts';
import { countJobs, isStill, openQueue } from '../../../runtime/queue.ts';
import { pause } from '../../../runtime/wait.ts';
import { openStore } from '../../../store/store.ts';
import { openRedis, type TestRedis } from '../harness/redis.ts';
import { isPlanned, readTable, type TableContent } from '../harness/table.ts';
import { until } from '../harness/until.ts';
import { keepUp, type Upkeep } from '../harness/upkeep.ts';
import { openWorkspace, type Workspace } from '../harness/workspace.ts';

/** What every round computes: blocks that take some milliseconds each, so that a kill finds one half done. */
export const POINTS = 200;
export const BLOCKS = { blocks: POINTS, nrow: 4000, ncol: 40 } as const;
export const TABLE = 'svd_block';

/** Rows a transaction in these rounds: small, so that a round has many commits to die at. */
const BATCH_ROWS = 10;

/** Longest wait before a fault once its turn has come, and longest absence of a killed Redis. */
const MAX_FAULT_DELAY_MS = 80;
const MAX_AWAY_MS = 500;

/** Interval at which the planner looks for points that nobody has in hand: `sluice up` has a longer one. */
const REPLAN_MS = 300;

/** Longest wait for a state of a round: the lost jobs of a killed consumer wait for 7 s, on a machine that is busy. */
const STATE_MS = 180_000;

const MORTAL_SINK = join(import.meta.dirname, 'fixtures', 'mortal-sink.ts');

/** What happens in a round, besides the deaths of the sink at the two sides of a commit. */
const FAULTS = ['consumer', 'sink', 'redis', 'redis-empty'] as const;
type Fault = (typeof FAULTS)[number];

/** What a round came to. */
export interface Round {
  readonly table: TableContent;
  /** How often a sink and a consumer died by SIGKILL. */
  readonly sinkDeaths: number;
  readonly consumerDeaths: number;
  /** Lines of the consumers' logs that tell of a failed attempt. */
  readonly failedAttempts: readonly string[];
}

/** The parts of a running system, each of which may fall. */
interface Parts {
  readonly redis: TestRedis;
  readonly sink: Upkeep;
  readonly consumer: Upkeep;
  readonly random: () => number;
}

/**
 * Computes the blocks while the faults happen, each at a moment that `seed` draws: SIGKILL for a consumer in mid-block,
 * for the sink at any moment and at both sides of a commit, for Redis, which comes back with its file and without.
 */
export async function disturbedRound(seed: string): Promise<Round> {
  const random = seedrandom(seed);
  await using workspace = openWorkspace('chaos');
  const { data } = workspace;
  await using redis = await openRedis(workspace.folder);
  await using sink = keepUp((deaths) => mortalSink(workspace, redis, killed({ deaths }), random));
  await request(redis, data);
  await using consumer = keepUp(() => workspace.sluice('consume', '--redis', redis.url, '--threads', '1'));
  await using planning = startPlanning(redis, data);
  using held = new DisposableStack();
  const store = held.adopt(openStore(data), (open) => open.close());
  const stored = (): number => store.counts(TABLE).stored;
  const happened: string[] = [];
  try {
    for (const [fault, rows] of schedule(random)) {
      await until(`${rows} rows are stored before the fault ${fault}`, () => stored() >= rows, STATE_MS);
      await happen(fault, { redis, sink, consumer, random });
      happened.push(`${fault} at ${stored()}`);
    }
    await until('every row is stored', () => stored() === POINTS, STATE_MS);
    await until('nothing is under way', () => isStill(redis.broker, TABLE), STATE_MS);
  } catch (cause) {
    throw new Error(`${seed} is stuck after ${happened.join(', ')}: ${await standing({ redis, sink, consumer })}`, { cause });
  }
  await planning[Symbol.asyncDispose]();
  await Promise.all([consumer.stop(), sink.stop()]);
  return { table: readTable(data, TABLE), sinkDeaths: killed(sink), consumerDeaths: killed(consumer), failedAttempts: failedAttempts(consumer) };
}

/** Asks for the blocks as `sluice enqueue` does. */
async function request({ broker }: TestRedis, data: string): Promise<void> {
  const spec = parseSpec(svdBlockSpec(BLOCKS), { directory: data });
  const { definition } = await resolveExperiment(spec.experiment);
  await plan(broker, TABLE, definition, canonicalSpec(spec), undefined);
  await offer({ broker, table: TABLE, definition, points: planOf([spec]), store: undefined, waiting: WAITING_JOBS, attempts: ATTEMPTS });
  // The plan is the user's request: a Redis that is lost before the sink has it takes the request along.
  await until('the plan is stored', () => isPlanned(data, TABLE), STATE_MS);
}

/** How many died by SIGKILL; one that was started while Redis was away has left by itself. */
function killed({ deaths }: Pick<Upkeep, 'deaths'>): number {
  return deaths.filter(({ signal }) => signal === 'SIGKILL').length;
}

/** Where a round that is stuck stands: what Redis holds, and the last that the parts have told. */
async function standing({ redis, sink, consumer }: Omit<Parts, 'random'>): Promise<string> {
  const tail = ({ now }: Upkeep): string => now.stderr.split('\n').slice(-6).join('\n');
  const entries = await redis.broker.redis.xlen(redis.broker.names.stream);
  return [JSON.stringify({ ...(await jobsIn(redis)), entries }), tail(consumer), tail(sink)].join('\n');
}

/** What consumers told of failed attempts. */
function failedAttempts({ deaths, now }: Upkeep): string[] {
  const lines = [...deaths, now].flatMap(({ stderr }) => stderr.split('\n'));
  return lines.filter((line) => line.includes('a point failed'));
}

/** The faults in a random order, each with the number of stored rows at which its turn comes. */
function schedule(random: () => number): [Fault, number][] {
  const moments = FAULTS.map(() => Math.floor(random() * POINTS * 0.8)).sort((a, b) => a - b);
  const order = FAULTS.map((fault) => ({ fault, place: random() })).sort((a, b) => a.place - b.place);
  return order.map(({ fault }, index) => [fault, moments[index] ?? 0]);
}

async function happen(fault: Fault, { redis, sink, consumer, random }: Parts): Promise<void> {
  if (fault === 'sink') await until('the sink is at work', () => killed(sink) >= 2 && sink.now.stdout.includes('at work') && !sink.now.gone, STATE_MS);
  if (fault === 'consumer') await until('a block is in hand', () => isComputing(redis, consumer), STATE_MS);
  // No state is waited for: the moment itself is what is drawn.
  await pause(random() * MAX_FAULT_DELAY_MS);
  switch (fault) {
    case 'sink':
      return void (await sink.now.end('SIGKILL'));
    case 'consumer':
      return void (await consumer.now.end('SIGKILL'));
    case 'redis':
    case 'redis-empty':
      await redis.kill();
      await pause(random() * MAX_AWAY_MS);
      return await (fault === 'redis' ? redis.restart() : redis.restartEmpty());
  }
}

/** Whether the consumer that lives has jobs in hand; once all are done, whether it lives. */
async function isComputing(redis: TestRedis, { now }: Upkeep): Promise<boolean> {
  if (now.gone || !now.stderr.includes('serving a table')) return false;
  const { active, waiting } = await jobsIn(redis);
  return active > 0 || waiting === 0;
}

/** A sink that dies at one side of a commit, the next one at the other; later ones live on. */
function mortalSink(workspace: Workspace, redis: TestRedis, deaths: number, random: () => number) {
  const position = ['before-commit', 'after-commit'][deaths] ?? 'never';
  // The very first commit brings the plan and no row.
  const commits = String(2 + Math.floor(random() * 3));
  return workspace.script(MORTAL_SINK, redis.url, workspace.data, position, commits, String(BATCH_ROWS));
}

async function jobsIn(redis: TestRedis) {
  const queue = openQueue(redis.broker, TABLE);
  try {
    return await countJobs(queue);
  } finally {
    await queue.close();
  }
}

/** Plans again as `sluice up` does, only more often. */
function startPlanning({ broker }: TestRedis, data: string): AsyncDisposable {
  const stopping = new AbortController();
  const { signal } = stopping;
  const replanner = openReplanner({ broker, data, waiting: WAITING_JOBS, attempts: ATTEMPTS, signal, log: silentLog() });
  const plan = async (): Promise<void> => {
    while (!signal.aborted) {
      await replanner.replan().catch(() => {});
      await pause(REPLAN_MS, signal);
    }
  };
  const planned = plan();
  return {
    [Symbol.asyncDispose]: async () => {
      stopping.abort();
      await planned;
    },
  };
}
