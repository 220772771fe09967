import { expect, test } from 'vitest';
import { openStore } from '../../../store/store.ts';
import { openWorkspace } from '../harness/workspace.ts';
import { openRedis } from '../harness/redis.ts';
import { openStorage, type Drained } from './storage.ts';
import { TABLE, openFake, openTrial, rowOf, seedsThere, temporaryFolder } from './trial.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

test('an hour without internet: rows are stored all along, and are in BigQuery within two minutes of its return, in few jobs', async () => {
  const fake = await openFake();
  const stop = new AbortController();
  let startMs = 0;
  let [stored, returnedMs, completeMs] = [0, Infinity, Infinity];
  let troubles = new Set<string | null>();
  // The world as the uploader's clock goes: a row every half minute, an hour of silence, then the way is free.
  const onPause = (nowMs: number): void => {
    startMs ||= nowMs;
    while (stored < Math.min(nowMs - startMs, HOUR_MS) / (MINUTE_MS / 2)) trial.put(rowOf(++stored));
    const store = openStore(trial.data);
    const standing = store.outbox(TABLE)?.standing('fake-project.EMS');
    store.close();
    if (returnedMs === Infinity) troubles = troubles.add(standing?.error ?? null);
    if (returnedMs === Infinity && nowMs - startMs > HOUR_MS) {
      returnedMs = nowMs;
      void fake.start();
    }
    if (standing?.behind === 0 && stored >= 120 && completeMs === Infinity) completeMs = nowMs;
    if (completeMs !== Infinity || nowMs - startMs > 2 * HOUR_MS) stop.abort();
  };
  await fake.stop();
  const trial = openTrial(fake, temporaryFolder(), { onPause, pace: { lookMs: 10_000 } });
  await trial.uploader.keepUp(stop.signal);
  expect(stored).toBe(120);
  expect([...troubles].some((line) => line?.includes('BigQuery cannot be reached'))).toBe(true);
  expect(completeMs - returnedMs).toBeLessThan(2 * MINUTE_MS);
  expect(seedsThere(fake).size).toBe(120);
  expect(new Set(seedsThere(fake).values())).toEqual(new Set([1]));
  // What has gathered meanwhile goes in one job or two, and the tries without a way count as none.
  expect(fake.loadJobs('EMS', TABLE)).toBeLessThan(5);
});

/** As many as an hour has at the longest wait between two. */
const TRIES = 60;

const FEWEST_ROUNDS = 5;
const MOST_ROUNDS = 30;

/**
 * The tries of an hour come within seconds here, hundreds of times as dense as in earnest, and each is a commit of its own
 * that takes a part of the machine: a quarter was seen. A row that waited for BigQuery would be many times as slow.
 */
const NOISE = 2;

/** The quickest of the rounds: others on the machine can only make one slower. */
function quickest(rounds: readonly Drained[], part: keyof Drained): number {
  return Math.min(...rounds.map((round) => round[part]));
}

test('meanwhile rows are committed as fast as by a sink that uploads nothing, from the stream to the disk and each commit', { timeout: 120_000 }, async () => {
  await using space = openWorkspace('upload-unnoticed');
  await using redis = await openRedis(space.folder);
  const fake = await openFake();
  await fake.stop();
  await using without = await openStorage(redis, temporaryFolder(), 'without');
  await using away = await openStorage(redis, temporaryFolder(), 'away', { bigquery: fake.projectId, endpoint: fake.endpoint });
  const rounds: { readonly without: Drained; readonly away: Drained }[] = [];
  const ratio = (part: keyof Drained): number => quickest(rounds.map((round) => round.away), part) / quickest(rounds.map((round) => round.without), part);
  // In turn, so that both have the same of what else the machine does.
  while (rounds.length < MOST_ROUNDS) {
    rounds.push({ without: await without.drain(), away: await away.drain() });
    if (rounds.length >= FEWEST_ROUNDS && away.tries() >= TRIES && ratio('drainMs') < NOISE && ratio('commitMs') < NOISE) break;
  }
  const figures = (part: keyof Drained): string => `${quickest(rounds.map((round) => round.without), part).toFixed(1)} and ${quickest(rounds.map((round) => round.away), part).toFixed(1)} ms`;
  process.stdout.write(`without uploads, and with ${away.tries()} that fail: 1,000 rows in ${figures('drainMs')}, a commit in ${figures('commitMs')}; quickest of ${rounds.length} rounds\n`);
  expect(away.tries()).toBeGreaterThanOrEqual(TRIES);
  expect(ratio('drainMs')).toBeLessThan(NOISE);
  expect(ratio('commitMs')).toBeLessThan(NOISE);
});
