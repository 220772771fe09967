import type { Redis } from 'ioredis';
import { JOBS_PER_CHUNK } from '../runtime/limits.ts';
import { countJobs, jobOptions, type PointQueue } from '../runtime/queue.ts';
import { pause } from '../runtime/wait.ts';
import { pointKey, type Point } from '../wire/point.ts';
import { chunksOf } from './chunks.ts';
import { shuffledOrder } from './shuffle.ts';

/** Interval at which a full queue is asked again whether it has drained. */
const TOP_UP_MS = 200;

/** Jobs added first; chunks double from there, so that computing begins while the others are being added. */
const FIRST_CHUNK = 25;

/** Points to offer: `size` candidates, of which those that are undefined are none. */
export interface Candidates {
  readonly size: number;
  pointAt(index: number): Point | undefined;
}

export interface FillRequest {
  readonly redis: Redis;
  readonly queue: PointQueue;
  readonly experiment: string;
  readonly points: Candidates;
  /** What the database has of the points with these keys, in their order; a point with a record is not queued. */
  readonly recorded: (keys: readonly string[]) => readonly ('stored' | 'failed' | undefined)[];
  /** Most jobs to keep waiting. */
  readonly waiting: number;
  readonly attempts: number;
  /** Ends the filling between two chunks; a later one goes on where it stopped, by dropping what is queued. */
  readonly signal?: AbortSignal | undefined;
  /** Whether the plan of these points was cancelled since they were asked for; asked at every chunk. */
  readonly isCancelled: () => Promise<boolean>;
}

/** What became of the points that were looked at. */
export interface Filled {
  readonly points: number;
  readonly stored: number;
  readonly failed: number;
  readonly queued: number;
  readonly added: number;
  /** Whether the filling has ended because the plan was cancelled; what it added last is taken back then. */
  readonly cancelled: boolean;
}

interface KeyedPoint {
  readonly key: string;
  readonly point: Point;
}

/**
 * Adds one job per point that is neither recorded nor queued, shuffled, in chunks, keeping at most `waiting` jobs
 * waiting and topping up as they drain, until all are queued, the signal aborts or the plan is cancelled.
 * Memory: four bytes a candidate, and two chunks of jobs.
 */
export async function fillQueue(request: FillRequest): Promise<Filled> {
  const filled = { points: 0, stored: 0, failed: 0, queued: 0, added: 0 };
  let adding = Promise.resolve(0);
  for (const chunk of chunksOf(keyedPoints(request), chunkSize(request), FIRST_CHUNK)) {
    const recorded = request.recorded(chunk.map(({ key }) => key));
    const missing = chunk.filter((_, index) => recorded[index] === undefined);
    // Redis took the chunk before while this one was being hashed and looked up.
    filled.added += await adding;
    adding = Promise.resolve(0);
    if (!(await findsRoom(missing.length, request))) break;
    const fresh = await notQueued(request, missing);
    adding = add(request, fresh);
    adding.catch(() => {});
    filled.points += chunk.length;
    filled.stored += recorded.filter((record) => record === 'stored').length;
    filled.failed += recorded.filter((record) => record === 'failed').length;
    filled.queued += missing.length - fresh.length;
  }
  filled.added += await adding;
  return { ...filled, cancelled: await request.isCancelled() };
}

/** Queues the jobs and returns their number; 0 where the plan was cancelled meanwhile and they were taken back. */
async function add({ queue, attempts, isCancelled }: FillRequest, jobs: readonly KeyedPoint[]): Promise<number> {
  if (jobs.length === 0) return 0;
  await queue.addBulk(jobs.map((job) => queueJob(job, attempts)));
  if (!(await isCancelled())) return jobs.length;
  for (const { key } of jobs) await queue.remove(key);
  return 0;
}

function* keyedPoints(request: FillRequest): Generator<KeyedPoint> {
  for (const index of shuffledOrder(request.points.size)) {
    const point = request.points.pointAt(index);
    if (point !== undefined) yield { key: pointKey(request.experiment, point), point };
  }
}

/** A part of what may wait, so that a queue is topped up long before it is empty. */
function chunkSize(request: FillRequest): number {
  return Math.max(1, Math.min(JOBS_PER_CHUNK, Math.floor(request.waiting / 4)));
}

/** Those of `jobs` that the queue does not hold, in their order. */
async function notQueued(request: FillRequest, jobs: readonly KeyedPoint[]): Promise<KeyedPoint[]> {
  if (jobs.length === 0) return [];
  const pipeline = request.redis.pipeline();
  for (const { key } of jobs) pipeline.exists(request.queue.toKey(key));
  const replies = (await pipeline.exec()) ?? [];
  return jobs.filter((_, index) => replies[index]?.[1] === 0);
}

/** Resolves with true once so many jobs have room, with false when the filling is to end. */
async function findsRoom(jobs: number, request: FillRequest): Promise<boolean> {
  while (!request.signal?.aborted && !(await request.isCancelled())) {
    if (jobs === 0) return true;
    const { waiting } = await countJobs(request.queue);
    if (waiting + jobs <= request.waiting) return true;
    await pause(TOP_UP_MS, request.signal);
  }
  return false;
}

function queueJob({ key, point }: KeyedPoint, attempts: number) {
  return { name: 'point', data: point, opts: jobOptions(key, attempts) };
}
