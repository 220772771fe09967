import { join } from 'node:path';
import seedrandom from 'seedrandom';
import { expect, onTestFinished, test } from 'vitest';
import { append } from '../../../runtime/broker.ts';
import { checksumOf } from '../../../sink/upload/checksum.ts';
import { openStore } from '../../../store/store.ts';
import type { RowEntry } from '../../../wire/entry.ts';
import { pointKey } from '../../../wire/point.ts';
import { startFakeBigQuery, type FakeBigQuery } from '../../fake-bigquery/server.ts';
import { openRedis } from '../harness/redis.ts';
import { storedRows } from '../harness/table.ts';
import { until } from '../harness/until.ts';
import { keepUp } from '../harness/upkeep.ts';
import { openWorkspace } from '../harness/workspace.ts';
import { FAULTS } from './faults.ts';

const SINK = join(import.meta.dirname, 'fixtures', 'uploading-sink.ts');
const SEED = 'exactly once';
const TABLE = 'trial_table';
const ROUNDS = 105;
const ROWS_A_ROUND = 48;
/** Share of the rounds in which the sink is killed too, at a random moment. */
const KILLED_SHARE = 1 / 7;
const LATEST_KILL_MS = 150;
const DEFINITION = { kind: 'builtin', name: 'svd-block', version: '1' } as const;

/** What happened in a round. */
interface Round {
  readonly fault: string;
  readonly firstSeed: number;
  readonly isKilled: boolean;
}

function rowOf(seed: number): RowEntry {
  const point = { nrow: 4, seed };
  const provenance = { version: '1', consumer: 'trial', attempt: 1, seconds: 0, finishedAtMs: 0, notes: {} };
  return { kind: 'row', table: TABLE, key: pointKey('svd-block', point), parameters: 2, row: { ...point, root: Math.sqrt(seed), ve: Float64Array.of(seed / 3, -seed, 1 / (seed + 1)) }, provenance };
}

/** The rows that the fake holds, by seed: how often each. */
function seedsThere(fake: FakeBigQuery): Map<number, number> {
  const seeds = new Map<number, number>();
  for (const { seed } of fake.table('EMS', TABLE)?.rows() ?? []) seeds.set(Number(seed), (seeds.get(Number(seed)) ?? 0) + 1);
  return seeds;
}

test(`BigQuery holds exactly SQLite's rows, each once, after ${ROUNDS} faults of every kind and a sink killed at random moments`, { timeout: 400_000 }, async () => {
  const random = seedrandom(SEED);
  await using space = openWorkspace('upload-chaos');
  await using redis = await openRedis(space.folder);
  const fake = await startFakeBigQuery();
  onTestFinished(async () => await fake[Symbol.asyncDispose]());
  await append(redis.broker, { kind: 'plan', table: TABLE, definition: DEFINITION });
  const rounds: Round[] = [];
  await using sink = keepUp(() => space.script(SINK, redis.url, space.data, fake.projectId, fake.endpoint));
  for (let round = 0; round < ROUNDS; round += 1) {
    const fault = FAULTS[round % FAULTS.length]!;
    await fault.order(fake);
    for (let row = 0; row < ROWS_A_ROUND; row += 1) await append(redis.broker, rowOf(round * ROWS_A_ROUND + row));
    const isKilled = random() < KILLED_SHARE;
    if (isKilled) {
      const delayMs = random() * LATEST_KILL_MS;
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      sink.now.signal('SIGKILL');
    }
    const due = (round + 1) * ROWS_A_ROUND;
    await until(`round ${round}, ${fault.name}: ${due} rows are there`, () => fake.faults.pending === 0 && (fake.table('EMS', TABLE)?.rowCount ?? 0) >= due, 60_000);
    rounds.push({ fault: fault.name, firstSeed: round * ROWS_A_ROUND, isKilled });
  }
  await sink.stop('SIGKILL');
  const total = ROUNDS * ROWS_A_ROUND;
  process.stdout.write(report(fake, rounds, sink.deaths.length));
  expect(sink.deaths.length).toBe(rounds.filter(({ isKilled }) => isKilled).length);
  expect(sink.deaths.length).toBeGreaterThan(10);
  expect(storedRows(space.data, TABLE)).toBe(total);
  expect([...seedsThere(fake).values()].filter((times) => times !== 1)).toEqual([]);
  const store = openStore(space.data);
  try {
    expect(fake.checksum('EMS', TABLE)).toEqual(checksumOf(store.outbox(TABLE)!.rows('', 1, total), fake.table('EMS', TABLE)!.schema));
  } finally {
    store.close();
  }
});

/** The table of faults and outcomes. */
function report(fake: FakeBigQuery, rounds: readonly Round[], deaths: number): string {
  const there = seedsThere(fake);
  const lines = [...new Set(rounds.map(({ fault }) => fault))].map((name) => {
    const mine = rounds.filter(({ fault }) => fault === name);
    const times = mine.flatMap(({ firstSeed }) => Array.from({ length: ROWS_A_ROUND }, (_, row) => there.get(firstSeed + row) ?? 0));
    const counts = [mine.length, mine.filter(({ isKilled }) => isKilled).length, times.length, times.filter((count) => count === 1).length];
    return name.padEnd(48) + counts.map((count) => String(count).padStart(10)).join('');
  });
  const head = 'fault'.padEnd(48) + ['ordered', 'killed', 'rows', 'once'].map((name) => name.padStart(10)).join('');
  return [`\n${fake.name}`, head, ...lines, `${ROUNDS * ROWS_A_ROUND} rows, ${fake.loadJobs('EMS', TABLE)} load jobs, ${deaths} sinks killed\n\n`].join('\n');
}
