import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import seedrandom from 'seedrandom';
import { expect, onTestFinished, test } from 'vitest';
import { append } from '../../../runtime/broker.ts';
import { checksumOf } from '../../../sink/upload/checksum.ts';
import { openStore, openStoreIfPresent } from '../../../store/store.ts';
import type { RowEntry } from '../../../wire/entry.ts';
import { pointKey } from '../../../wire/point.ts';
import { startFakeBigQuery, type FakeBigQuery } from '../../fake-bigquery/server.ts';
import type { Command } from '../harness/command.ts';
import { openRedis } from '../harness/redis.ts';
import { storedRows } from '../harness/table.ts';
import { until } from '../harness/until.ts';
import { keepUp } from '../harness/upkeep.ts';
import { openWorkspace } from '../harness/workspace.ts';
import { FAULTS, type NamedFault } from './faults.ts';

const SINK = join(import.meta.dirname, 'fixtures', 'uploading-sink.ts');
const SEED = 'exactly once';
const TABLE = 'trial_table';
const ROUNDS = 35;
const FAULTS_A_ROUND = 3;
const ROWS_A_ROUND = 144;
/** Share of the rounds in which the sink is killed too, at a random moment. */
const KILLED_SHARE = 0.4;
const LATEST_KILL_MS = 150;
const LATEST_KILL_IN_BATCH_MS = 4;
const LATEST_SIGHT_MS = 5_000;
const DEFINITION = { kind: 'builtin', name: 'svd-block', version: '1' } as const;

/** Of the kills so many fall while a batch is recorded and not at its end, at least. */
const MIN_KILLS_IN_BATCH = 3;

/** What happened in a round; `kill` tells where a kill fell: within a batch, or between two. */
interface Round {
  readonly faults: readonly string[];
  readonly firstSeed: number;
  readonly kill: 'in a batch' | 'between' | undefined;
}

function rowOf(seed: number): RowEntry {
  const point = { nrow: 4, seed };
  const provenance = { version: '1', consumer: 'trial', attempt: 1, seconds: 0, finishedAtMs: 0, notes: {} };
  return { kind: 'row', table: TABLE, key: pointKey('svd-block', point), parameters: 2, row: { ...point, root: Math.sqrt(seed), ve: Float64Array.of(seed / 3, -seed, 1 / (seed + 1)) }, provenance };
}

/** Whether a batch is under way, as the database has it. */
function isBatchOpen(data: string, target: string): boolean {
  const store = openStoreIfPresent(data);
  const open = store?.outbox(TABLE)?.standing(target).open;
  store?.close();
  return open !== undefined;
}

/** The faults of a round, in the order in which its first rows meet them. */
function faultsOf(round: number): NamedFault[] {
  const faults = Array.from({ length: FAULTS_A_ROUND }, (_, index) => FAULTS[(round * FAULTS_A_ROUND + index) % FAULTS.length]!);
  return faults.toSorted((a, b) => Number(a.isLast === true) - Number(b.isLast === true));
}

/** Waits as closely as it can until `isOpen`, or for a while where it is never seen so. */
async function untilSeen(isOpen: () => boolean): Promise<void> {
  const fromMs = performance.now();
  while (!isOpen() && performance.now() - fromMs < LATEST_SIGHT_MS) await setTimeout(1);
}

/** Kills `sink` at a random moment, which every other time is one after a batch was seen open; tells where it fell. */
async function killAt(random: () => number, sink: Command, within: boolean, isOpen: () => boolean): Promise<Round['kill']> {
  if (within) await untilSeen(isOpen);
  await setTimeout(random() * (within ? LATEST_KILL_IN_BATCH_MS : LATEST_KILL_MS));
  // Stopped first, so that nothing happens between the look and the kill.
  sink.signal('SIGSTOP');
  const kill = isOpen() ? 'in a batch' : 'between';
  sink.signal('SIGKILL');
  return kill;
}

/** The rows that the fake holds, by seed: how often each. */
function seedsThere(fake: FakeBigQuery): Map<number, number> {
  const seeds = new Map<number, number>();
  for (const { seed } of fake.table('EMS', TABLE)?.rows() ?? []) seeds.set(Number(seed), (seeds.get(Number(seed)) ?? 0) + 1);
  return seeds;
}

test(`BigQuery holds exactly SQLite's rows, each once, after ${ROUNDS * FAULTS_A_ROUND} faults of every kind and a sink killed at random moments, within batches too`, { timeout: 400_000 }, async () => {
  const random = seedrandom(SEED);
  await using space = openWorkspace('upload-chaos');
  await using redis = await openRedis(space.folder);
  const fake = await startFakeBigQuery();
  onTestFinished(async () => await fake[Symbol.asyncDispose]());
  await append(redis.broker, { kind: 'plan', table: TABLE, definition: DEFINITION });
  const rounds: Round[] = [];
  let kills = 0;
  await using sink = keepUp(() => space.script(SINK, redis.url, space.data, fake.projectId, fake.endpoint));
  for (let round = 0; round < ROUNDS; round += 1) {
    const faults = faultsOf(round);
    for (const fault of faults) await fault.order(fake);
    await Promise.all(Array.from({ length: ROWS_A_ROUND }, (_, row) => append(redis.broker, rowOf(round * ROWS_A_ROUND + row))));
    const isKilled = random() < KILLED_SHARE;
    kills += Number(isKilled);
    const kill = isKilled ? await killAt(random, sink.now, kills % 2 === 1, () => isBatchOpen(space.data, `${fake.projectId}.EMS`)) : undefined;
    const due = (round + 1) * ROWS_A_ROUND;
    await until(`round ${round}, ${faults.map(({ name }) => name).join(', ')}: ${due} rows are there`, () => fake.faults.pending === 0 && (fake.table('EMS', TABLE)?.rowCount ?? 0) >= due, 60_000);
    rounds.push({ faults: faults.map(({ name }) => name), firstSeed: round * ROWS_A_ROUND, kill });
  }
  await sink.stop('SIGKILL');
  const total = ROUNDS * ROWS_A_ROUND;
  process.stdout.write(report(fake, rounds, sink.deaths.length));
  expect(sink.deaths.length).toBe(kills);
  expect(sink.deaths.length).toBeGreaterThan(10);
  expect(rounds.filter(({ kill }) => kill === 'in a batch').length).toBeGreaterThanOrEqual(MIN_KILLS_IN_BATCH);
  expect(storedRows(space.data, TABLE)).toBe(total);
  expect([...seedsThere(fake).values()].filter((times) => times !== 1)).toEqual([]);
  const store = openStore(space.data);
  try {
    expect(fake.checksum('EMS', TABLE)).toEqual(checksumOf(store.outbox(TABLE)!.rows('', 1, total), fake.table('EMS', TABLE)!.schema));
  } finally {
    store.close();
  }
});

const KILLS = ['in a batch', 'between'] as const;

/** The table of faults and outcomes; the rows are those that came while the fault was on order, with two others. */
function report(fake: FakeBigQuery, rounds: readonly Round[], deaths: number): string {
  const there = seedsThere(fake);
  const lines = [...new Set(FAULTS.map(({ name }) => name))].map((name) => {
    const mine = rounds.filter(({ faults }) => faults.includes(name));
    const times = mine.flatMap(({ firstSeed }) => Array.from({ length: ROWS_A_ROUND }, (_, row) => there.get(firstSeed + row) ?? 0));
    const counts = [mine.length, ...KILLS.map((kill) => mine.filter((round) => round.kill === kill).length), times.length, times.filter((count) => count === 1).length];
    return name.padEnd(48) + counts.map((count) => String(count).padStart(18)).join('');
  });
  const head = 'fault'.padEnd(48) + ['ordered', 'killed in a batch', 'between', 'rows', 'once'].map((name) => name.padStart(18)).join('');
  return [`\n${fake.name}`, head, ...lines, `${ROUNDS * ROWS_A_ROUND} rows, ${fake.loadJobs('EMS', TABLE)} load jobs, ${deaths} sinks killed\n\n`].join('\n');
}
