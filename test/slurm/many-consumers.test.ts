import { join } from 'node:path';
import { expect, test } from 'vitest';
import { JITTER_SECONDS } from '../../slurm/launch-options.ts';
import { cpuOf } from '../../bench/run/child.ts';
import { readTable } from '../system/harness/table.ts';
import { redisInfo } from './harness/ask-redis.ts';
import { consumersIn, megabytesOf } from './harness/consumer-process.ts';
import { ownCluster } from './harness/own-cluster.ts';
import { NODES } from './harness/plan.ts';
import { slurm } from './harness/places.ts';
import { openProject } from './harness/project.ts';
import { committedBetween, rowsByConsumer } from './harness/provenance.ts';
import { jobEnded } from './harness/slurm-says.ts';
import { untilTold } from './harness/until-told.ts';

const plan = ownCluster();

const TABLE = 'wide';
const PROCESSES = 32;
const SLOTS = 8;

/** So many that every consumer gets its share, although each takes 270 ahead. */
const POINTS = 10_000;
const SMALL = ['--blocks', String(POINTS), '--nrow', '50', '--ncol', '50'];

/** The first to be there is idle until the last is: half a minute on two quiet cores, whose CPU 256 threads take to start. */
const IDLE_EXIT_SECONDS = 90;

/** More processes than the nodes have CPUs, which `launch` does not ask for: one job step of all of them. */
const CONSUMER = `node ${join(plan.checkout, 'dist', 'consumer.mjs')} ${TABLE} --threads ${SLOTS} --idle-exit ${IDLE_EXIT_SECONDS} --jitter ${JITTER_SECONDS}`;
const STEP = `srun --overcommit --ntasks=${PROCESSES} ${CONSUMER}`;
const SUBMISSION = ['sbatch', '--parsable', `--nodes=${NODES.length}`, '--exclusive', '--mem=0', '--time=10', '--wrap', STEP];

/** 256 threads take a minute of CPU to start, which others may want, too. */
const START_MS = 240_000;
const TIMEOUT_MS = 600_000;

/** Connections of a consumer of one table: one for commands, and one that waits for jobs. */
const CONNECTIONS = 2;

/** Connections of others: `up`, its sink, and those who ask. */
const OTHERS = 12;

/** The processes of the consumers of all nodes. */
function consumerProcesses(): number[] {
  return NODES.flatMap((node) => consumersIn(plan, node));
}

/** CPU time that all consumers took so far, in seconds. */
function cpuSeconds(): number {
  return sum(consumerProcesses().map((pid) => cpuOf(pid) ?? 0));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

test('32 consumers of 8 slots on one queue all work, none is stuck, and all leave by themselves', async () => {
  await using project = await openProject(plan, 'many-consumers');
  const submitted = await project.run(...SUBMISSION);
  expect(submitted).toMatchObject({ code: 0, stderr: '' });
  await untilTold('all consumers take jobs', async () => (await project.consumers()).length === PROCESSES, START_MS);
  expect((await project.consumers()).map(({ slots }) => slots)).toEqual(Array.from({ length: PROCESSES }, () => SLOTS));
  const startSeconds = cpuSeconds();
  await project.sluice('enqueue', 'svd-block', ...SMALL, '--table', TABLE);
  await project.stored(TABLE, POINTS / 4);
  const redis = await redisInfo(plan, project);
  const memory = consumerProcesses().map(megabytesOf);
  await project.stored(TABLE, POINTS);
  const cpu = { startSeconds, seconds: cpuSeconds() };

  const connections = redis.get('connected_clients') ?? 0;
  expect(connections).toBeGreaterThanOrEqual(PROCESSES * CONNECTIONS);
  expect(connections).toBeLessThanOrEqual(PROCESSES * CONNECTIONS + OTHERS);
  expect(memory).toHaveLength(PROCESSES);
  const table = readTable(project.data, TABLE);
  expect(table).toMatchObject({ rows: POINTS, distinctKeys: POINTS, distinctPoints: POINTS, failures: 0, deadLetters: 0, attempts: 1 });
  const rows = rowsByConsumer(project.data, TABLE);
  expect(rows.size).toBe(PROCESSES);
  tell({ rows: [...rows.values()], redis: await redisInfo(plan, project), connections, memory, cpu, data: project.data });
  await allLeft(submitted.stdout.trim());
  expect(await project.sluice('status', TABLE)).toMatchObject({ waiting: 0, active: 0, stored: POINTS });
}, TIMEOUT_MS);

/** Resolves once every consumer has left, each with exit code 0: SLURM gives the job the highest. */
async function allLeft(job: string): Promise<void> {
  await jobEnded(plan, job);
  expect(await slurm(plan, 'scontrol', 'show', 'job', job)).toMatch(/JobState=COMPLETED[^]*ExitCode=0:0/);
}

interface Told {
  /** Rows of each consumer. */
  readonly rows: readonly number[];
  readonly redis: ReadonlyMap<string, number>;
  readonly connections: number;
  /** MB of each consumer. */
  readonly memory: readonly number[];
  /** CPU time of all consumers: until they took jobs, and until the last row was stored. */
  readonly cpu: { readonly startSeconds: number; readonly seconds: number };
  readonly data: string;
}

/** Prints what it came to. */
function tell({ rows, redis, connections, memory, cpu, data }: Told): void {
  const { firstMs, lastMs } = committedBetween(data, TABLE);
  const peak = (redis.get('used_memory_peak') ?? 0) / 2 ** 20;
  process.stdout.write(
    `${POINTS} rows by ${PROCESSES} consumers of ${SLOTS} slots, ${Math.min(...rows)} to ${Math.max(...rows)} each: ` +
      `${((1000 * POINTS) / (lastMs - firstMs)).toFixed(0)} rows a second; ${connections} connections; ` +
      `Redis took ${peak.toFixed(0)} MB at most, the consumers ${sum(memory).toFixed(0)} MB together, ` +
      `and ${cpu.seconds.toFixed(0)} CPU s, of which ${cpu.startSeconds.toFixed(0)} before their first job\n`,
  );
}
