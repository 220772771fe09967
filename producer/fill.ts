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
  readonly onProgress?: ((filled: Filled) => void) | undefined;
}

/** What became of the points so far; `points` is the sum of the others. */
export interface Filled {
  readonly points: number;
  readonly stored: number;
  readonly failed: number;
  readonly queued: number;
  readonly added: number;
}

interface KeyedPoint {
  readonly key: string;
  readonly point: Point;
}

/**
 * Adds one job per point that is neither recorded nor queued, shuffled, in chunks, keeping at most `waiting` jobs
 * waiting and topping up as they drain. Memory: four bytes a candidate, and two chunks of jobs.
 */
export async function fillQueue(request: FillRequest): Promise<Filled> {
  let filled: Filled = { points: 0, stored: 0, failed: 0, queued: 0, added: 0 };
  let adding: Promise<unknown> = Promise.resolve();
  for (const chunk of chunksOf(keyedPoints(request), chunkSize(request), FIRST_CHUNK)) {
    const recorded = request.recorded(chunk.map(({ key }) => key));
    const missing = chunk.filter((_, index) => recorded[index] === undefined);
    // Redis took the chunk before while this one was being hashed and looked up.
    await adding;
    await roomFor(missing.length, request);
    if (request.signal?.aborted) break;
    const fresh = await notQueued(request, missing);
    adding = fresh.length === 0 ? Promise.resolve() : request.queue.addBulk(fresh.map((job) => queueJob(job, request.attempts)));
    adding.catch(() => {});
    filled = {
      points: filled.points + chunk.length,
      stored: filled.stored + recorded.filter((record) => record === 'stored').length,
      failed: filled.failed + recorded.filter((record) => record === 'failed').length,
      queued: filled.queued + missing.length - fresh.length,
      added: filled.added + fresh.length,
    };
    request.onProgress?.(filled);
  }
  await adding;
  return filled;
}

function* keyedPoints(request: FillRequest): Generator<KeyedPoint> {
  for (const index of shuffledOrder(request.points.size)) {
    const point = request.points.pointAt(index);
    if (point !== undefined) yield { key: pointKey(request.experiment, point), point };
  }
}

function chunkSize(request: FillRequest): number {
  return Math.min(JOBS_PER_CHUNK, request.waiting);
}

/** Those of `jobs` that the queue does not hold, in their order. */
async function notQueued(request: FillRequest, jobs: readonly KeyedPoint[]): Promise<KeyedPoint[]> {
  if (jobs.length === 0) return [];
  const pipeline = request.redis.pipeline();
  for (const { key } of jobs) pipeline.exists(request.queue.toKey(key));
  const replies = (await pipeline.exec()) ?? [];
  return jobs.filter((_, index) => replies[index]?.[1] === 0);
}

async function roomFor(jobs: number, request: FillRequest): Promise<void> {
  if (jobs === 0) return;
  while (!request.signal?.aborted) {
    const { waiting } = await countJobs(request.queue);
    if (waiting + jobs <= request.waiting) return;
    await pause(TOP_UP_MS, request.signal);
  }
}

function queueJob({ key, point }: KeyedPoint, attempts: number): { name: string; data: Point; opts: ReturnType<typeof jobOptions> } {
  return { name: 'point', data: point, opts: jobOptions(key, attempts) };
}
