import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { fillQueue, type FillRequest } from '../../../producer/fill.ts';
import { clearQueue, countJobs, openQueue, type PointQueue } from '../../../runtime/queue.ts';
import { pointKey } from '../../../wire/point.ts';
import { openRedis, type TestRedis } from '../harness/redis.ts';
import { until } from '../harness/until.ts';
import { openWorkspace, type Workspace } from '../harness/workspace.ts';

const TABLE = 'filled';
const EXPERIMENT = 'trial';

let workspace: Workspace;
let redis: TestRedis;
let queue: PointQueue;

beforeAll(async () => {
  workspace = openWorkspace('fill');
  redis = await openRedis(workspace.folder);
  queue = openQueue(redis.broker, TABLE);
});
afterAll(async () => {
  await queue.close();
  await redis[Symbol.asyncDispose]();
  await workspace[Symbol.asyncDispose]();
});
beforeEach(async () => await clearQueue(redis.broker, TABLE));

function request(points: number, rest: Partial<FillRequest> = {}): FillRequest {
  return {
    redis: redis.broker.redis,
    queue,
    experiment: EXPERIMENT,
    points: { size: points, pointAt: (index) => ({ x: index }) },
    recorded: (keys) => keys.map(() => undefined),
    waiting: 100_000,
    attempts: 3,
    isCancelled: async () => false,
    ...rest,
  };
}

async function waiting(): Promise<number> {
  return (await countJobs(queue)).waiting;
}

describe('a queue is filled', () => {
  test('with one job per point, whose id is the key and whose data is the point', async () => {
    expect(await fillQueue(request(2_500))).toEqual({ points: 2_500, stored: 0, failed: 0, queued: 0, added: 2_500, cancelled: false });
    expect(await waiting()).toBe(2_500);
    const job = await queue.getJob(pointKey(EXPERIMENT, { x: 7 }));
    expect(job?.data).toEqual({ x: 7 });
    expect(job?.opts.attempts).toBe(3);
  });

  test('in an order that is shuffled, and the same every time', async () => {
    const order = async (): Promise<unknown[]> => (await queue.getJobs(['waiting'], 0, -1, true)).map((job) => job.data.x);
    await fillQueue(request(100));
    const first = await order();
    await clearQueue(redis.broker, TABLE);
    await fillQueue(request(100));
    expect(await order()).toEqual(first);
    expect(first).not.toEqual(first.toSorted((a, b) => Number(a) - Number(b)));
  });

  test('without the points that the database has recorded or that are queued already', async () => {
    const stored = new Set([0, 1, 2].map((x) => pointKey(EXPERIMENT, { x })));
    const failed = pointKey(EXPERIMENT, { x: 3 });
    const recorded: FillRequest['recorded'] = (keys) => keys.map((key) => (stored.has(key) ? 'stored' : key === failed ? 'failed' : undefined));
    await fillQueue(request(10));
    expect(await fillQueue(request(20, { recorded }))).toEqual({ points: 20, stored: 3, failed: 1, queued: 6, added: 10, cancelled: false });
    expect(await waiting()).toBe(20);
  });

  test('without candidates that are no points', async () => {
    const points = { size: 10, pointAt: (index: number) => (index % 2 === 0 ? { x: index } : undefined) };
    expect(await fillQueue(request(10, { points }))).toMatchObject({ points: 5, added: 5 });
  });

  test('to its limit and not beyond, and topped up as it drains', async () => {
    let most = 0;
    const filling = fillQueue(request(300, { waiting: 40 }));
    let taken = 0;
    while (taken < 300) {
      await until('jobs are waiting', async () => (await waiting()) > 0);
      most = Math.max(most, await waiting());
      const jobs = await queue.getJobs(['waiting'], 0, 30);
      for (const job of jobs) await job.remove();
      taken += jobs.length;
    }
    expect(await filling).toMatchObject({ points: 300, added: 300 });
    expect(most).toBeLessThanOrEqual(40);
  });

  test('no further once it is to stop, and to the end by the next filling', async () => {
    const stop = new AbortController();
    let looks = 0;
    const recorded: FillRequest['recorded'] = (keys) => {
      if ((looks += 1) === 3) stop.abort();
      return keys.map(() => undefined);
    };
    const cut = await fillQueue(request(5_000, { signal: stop.signal, recorded }));
    expect(cut.added).toBe(25 + 50);
    expect(await waiting()).toBe(cut.added);
    expect(await fillQueue(request(5_000))).toMatchObject({ queued: cut.added, added: 5_000 - cut.added });
    expect(await waiting()).toBe(5_000);
  });

  test('no further once its plan is cancelled', async () => {
    let cancelled = false;
    const filling = fillQueue(request(1_000, { waiting: 40, isCancelled: async () => cancelled }));
    await until('the queue is full', async () => (await waiting()) >= 25);
    cancelled = true;
    await queue.drain(true);
    expect(await filling).toMatchObject({ cancelled: true });
    expect(await waiting()).toBe(0);
  });

  test('with nothing of what was being added while its plan was cancelled', async () => {
    let cancelled = false;
    const isCancelled = async (): Promise<boolean> => (cancelled ||= (await waiting()) > 0);
    expect(await fillQueue(request(1_000, { isCancelled }))).toMatchObject({ added: 0, cancelled: true });
    expect(await waiting()).toBe(0);
  });
});
