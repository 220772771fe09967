import { expect, test } from 'vitest';
import { openStore } from '../../../store/store.ts';
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
