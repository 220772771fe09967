import { gridsOfSpecs } from '../../experiment/planned-point.ts';
import { SluiceError } from '../../runtime/errors.ts';
import type { Store } from '../../store/store.ts';
import type { Outbox, UploadStanding } from '../../store/outbox.ts';
import { BEGUN } from '../../store/outbox-writer.ts';
import type { UploadBatch, UploadEntry } from '../../wire/entry.ts';
import { encodeRows, lineBytes } from './encode.ts';
import { JobFailed, jobFault } from './fault.ts';
import { jobIdOf } from './job-id.ts';
import { DAY_MS, batchRows, untilDueMs, type Pace } from './pace.ts';
import { plannedRows, plannedTypes } from './planned-types.ts';
import { readyTable } from './ready-table.ts';
import { lastTaken, pointsOver } from './reconcile.ts';
import type { Target } from './target.ts';
import type { CloudTable, LoadJob, Warehouse } from './warehouse.ts';

/** What the upload of a table needs. */
export interface UploadGround {
  readonly store: Store;
  readonly target: Target;
  /** Opens the warehouse, once; not called before there is something to send. */
  readonly open: () => Promise<Warehouse>;
  /** Records in the database, durably, what is to be remembered; resolves once readers see it. */
  readonly record: (entry: Omit<UploadEntry, 'kind' | 'target' | 'atMs'>) => Promise<void>;
  readonly clock: Clock;
  readonly pace: Pace;
}

/** The same with the warehouse opened. */
type Opened = UploadGround & { readonly warehouse: Warehouse };

/** Time, and waiting for it. */
export interface Clock {
  nowMs(): number;
  pause(milliseconds: number): Promise<void>;
}

/** What a step came to: a batch was loaded, or nothing is to be done for so long; Infinity where nothing is behind. */
export type Step = { readonly loaded: number } | { readonly waitMs: number };

/**
 * Does the next thing about the upload of `table`: nothing, or one batch from its recording to its load. With `atOnce` a
 * small backlog does not wait to grow.
 *
 * Every line of it may be the last one of a process: a batch is recorded before it is sent, a recorded batch is looked up
 * before it is sent again, and it is done only when BigQuery says so. Rejects with what went wrong, which rules.ts judges.
 */
export async function stepUpload(ground: UploadGround, table: string, atOnce: boolean): Promise<Step> {
  const outbox = ground.store.outbox(table);
  if (outbox === undefined) return { waitMs: Infinity };
  const standing = outbox.standing(ground.target.name, ground.clock.nowMs() - DAY_MS);
  if (standing.behind === 0) return { waitMs: Infinity };
  const fullRows = fullBatch(ground.store, table);
  const backlog = { rows: standing.behind, sinceMs: standing.behindSinceMs ?? 0, jobs: standing.recentJobs };
  const waitMs = standing.open === undefined && !atOnce ? untilDueMs(backlog, fullRows, ground.clock.nowMs(), ground.pace) : 0;
  if (waitMs > 0) return { waitMs };
  const opened = { ...ground, warehouse: await ground.open() };
  const cloud = await readyTable(opened, table, standing.log);
  if (cloud.log !== standing.log) {
    await beginLog(opened, table, cloud, standing);
    return { loaded: 0 };
  }
  const batch = await recordedBatch(opened, table, outbox, standing, fullRows);
  return { loaded: batch === undefined ? 0 : await settle(opened, table, outbox, { batch, log: cloud.log }) };
}

function fullBatch(store: Store, table: string): number {
  const columns = store.table(table)?.columns ?? [];
  return batchRows(lineBytes(columns, store.outbox(table)?.longestVector() ?? 0));
}

/**
 * Takes up a table that was not fed from here before, or not this one, or is to be asked again: what it has already is not
 * sent. Load jobs name a table and not which of that name, so those of the former log are waited for: they may still load
 * into this one.
 */
async function beginLog(ground: Opened, table: string, cloud: CloudTable, standing: UploadStanding): Promise<void> {
  const former = standing.log?.startsWith(BEGUN) === true ? standing.log.slice(BEGUN.length) : standing.log;
  const position = standing.open?.position ?? Math.max(0, standing.nextPosition - 1);
  const waited = former !== null && (await lastJobAtRest(ground, jobIdOf(ground.target, table, former, position))) !== undefined;
  await ground.record({ table, log: BEGUN + cloud.log });
  // The number of its rows may be of before the last load.
  if (waited || cloud.rows > 0) await recordKnown(ground, table);
  await ground.record({ table, log: cloud.log });
}

async function recordKnown({ store, warehouse, record }: Opened, table: string): Promise<void> {
  const info = store.table(table);
  if (info === undefined) return;
  const parameters = info.columns.filter(({ parameter }) => parameter).map(({ name }) => name);
  const identity = { experiment: info.experiment, parameters, grids: gridsOfSpecs(info.specs) };
  for await (const known of pointsOver(warehouse, table, identity)) await record({ table, known });
}

/** The batch that is under way, or a new one, recorded; undefined where nothing is left to send. */
async function recordedBatch({ warehouse, record }: Opened, table: string, outbox: Outbox, standing: UploadStanding, fullRows: number): Promise<UploadBatch | undefined> {
  const { name } = warehouse.target;
  const { open, through } = standing;
  if (open !== undefined) {
    const now = outbox.range(name, through, open.rows);
    // What is known over there has grown since it was recorded: then it is another batch.
    if (now.hash === open.hash) return open;
  }
  const range = outbox.range(name, through, fullRows);
  if (range.rows === 0) return undefined;
  const position = open?.position ?? standing.nextPosition;
  const batch: UploadBatch = { ...range, position, jobId: jobIdOf(warehouse.target, table, standing.log ?? '', position), state: 'open' };
  await record({ table, batch });
  return batch;
}

/**
 * Brings a recorded batch to its end, and returns how many rows were loaded; 0 where its position was another's, or the
 * table is another by now.
 */
async function settle(ground: Opened, table: string, outbox: Outbox, { batch, log }: { readonly batch: UploadBatch; readonly log: string }): Promise<number> {
  const { warehouse, record } = ground;
  const info = ground.store.table(table);
  const rows = outbox.rows(warehouse.target.name, batch.firstRow, batch.lastRow);
  const lines = (): Iterable<string> => encodeRows(info === undefined ? rows : plannedRows(rows, plannedTypes(info)));
  const first = (await warehouse.findJob(batch.jobId)) ?? (await warehouse.load({ table, jobId: batch.jobId, hash: batch.hash, lines: lines() }));
  const job = await untilDone(ground, batch.jobId, first);
  // A job without our label is another's as well.
  if (job.hash !== batch.hash) {
    await takeTurn(ground, table, batch);
    return 0;
  }
  const fault = jobFault(job.errorResult);
  if (fault === undefined) {
    // Deleted meanwhile, and maybe made anew: which of them took the rows is asked when its log is begun.
    if ((await warehouse.findTable(table))?.log !== log) return 0;
    await record({ table, batch: { ...batch, state: 'done' }, trouble: null });
    return batch.rows;
  }
  await record({ table, batch: { ...batch, state: 'void' } });
  throw new JobFailed(fault);
}

async function untilDone({ warehouse, clock, pace }: Opened, jobId: string, first: LoadJob): Promise<LoadJob> {
  let job = first;
  for (let waitMs = pace.pollMs; !job.isDone; waitMs = Math.min(2 * waitMs, pace.maxPollMs)) {
    await clock.pause(waitMs);
    const found = await warehouse.findJob(jobId);
    // It was there: whoever looks again later finds it, or sends it again under the same id.
    if (found === undefined) throw new SluiceError('job-lost', `BigQuery knows nothing of the job ${jobId} any more`);
    job = found;
  }
  return job;
}

/**
 * Another database, or a copy of this one, has loaded at our position. What is over there by now is not sent, and we go on
 * behind the last position that is taken.
 */
async function takeTurn(ground: Opened, table: string, batch: UploadBatch): Promise<void> {
  const { record } = ground;
  const last = await lastJobAtRest(ground, batch.jobId);
  await recordKnown(ground, table);
  if (last !== undefined && last.position > batch.position) await record({ table, batch: { ...batch, ...last, state: 'void' } });
  await record({ table, batch: { ...batch, state: 'void' } });
}

/**
 * Waits for the end of the last job of the log of `jobId`, at its position or behind it; undefined where there is none at
 * that position. As nobody sends a job before the one in front of it has ended, no job of that log is under way then.
 */
async function lastJobAtRest(ground: Opened, jobId: string): Promise<Pick<UploadBatch, 'position' | 'jobId'> | undefined> {
  const at = jobId.lastIndexOf('_') + 1;
  const [log, position] = [jobId.slice(0, at), Number(jobId.slice(at))];
  const isTaken = async (taken: number): Promise<boolean> => (await ground.warehouse.findJob(`${log}${taken}`)) !== undefined;
  if (!(await isTaken(position))) return undefined;
  const last = await lastTaken(isTaken, position);
  const found = await ground.warehouse.findJob(`${log}${last}`);
  if (found !== undefined) await untilDone(ground, `${log}${last}`, found);
  return { position: last, jobId: `${log}${last}` };
}
