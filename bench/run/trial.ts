import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { SETTINGS } from '../../runtime/settings.ts';
import { openStore } from '../../store/store.ts';
import type { BareReport } from './bare.ts';
import { runChild, type ChildTimes } from './child.ts';

const COMMAND = join(import.meta.dirname, '..', '..', 'cli', 'sluice.mjs');
const BARE = join(import.meta.dirname, 'bare.mjs');
const TABLE = 'svd_block';
const NCOL = 1000;

/** How far improvement, about sqrt(blocks), may be from that: it is an average over random blocks. */
const IMPROVEMENT_RANGE = [0.75, 1.33] as const;

/** Threads of both loops: what `sluice run` takes where it is not told. */
export const THREADS = availableParallelism();

/** One run of the bare loop. */
export type BareTrial = BareReport & ChildTimes;

/** One run of the command. */
export interface RunTrial extends ChildTimes {
  /** From the command's start to the last row's commit. */
  readonly seconds: number;
  readonly firstRowSeconds: number;
  /** Of a block in its thread. */
  readonly pointSeconds: { readonly median: number; readonly p95: number };
  readonly errorCombined: number;
  /** v_alignment of the blocks by seed. */
  readonly alignments: readonly number[];
}

const reportSchema = z.object({
  computed: z.number(),
  failed: z.number(),
  seconds: z.number(),
  secondsToFirstRow: z.number(),
  threads: z.number(),
  pointSeconds: z.object({ median: z.number(), p95: z.number() }),
  reduce: z.object({ errorCombined: z.number(), errorSingle: z.object({ mean: z.number() }) }),
});

/** What `measure` returns for a new folder among the temporary files, which is removed again. */
export async function inFolder<T>(measure: (directory: string) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  try {
    return await measure(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The environment without what would lead the command to another broker, folder, table or thread count. */
export function plainEnvironment(): NodeJS.ProcessEnv {
  const ours = new Set<string>(Object.values(SETTINGS).map((setting) => setting.environment));
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.has(name)));
}

/** Seeds 0 to blocks - 1 in a bare kernel loop. */
export async function tryBare(blocks: number, directory: string): Promise<BareTrial> {
  const place = { cwd: directory, environment: plainEnvironment() };
  const args = [BARE, String(blocks), String(THREADS)];
  const { stdout, ...times } = await runChild(process.execPath, args, place);
  const report = JSON.parse(stdout) as BareReport;
  if (report.computed === blocks) return { ...report, ...times };
  throw new Error(`the bare loop computed ${report.computed} of ${blocks} blocks`);
}

/** The same by `sluice run`, into a new database in `directory`, whose rows are checked afterwards. */
export async function tryRun(blocks: number, directory: string, threads = THREADS): Promise<RunTrial> {
  const args = [COMMAND, 'run', 'svd-block', '--blocks', String(blocks), '--data', directory, '--threads', String(threads), '--json'];
  const place = { cwd: directory, environment: plainEnvironment() };
  const { stdout, ...times } = await runChild(process.execPath, args, place);
  const report = reportSchema.parse(JSON.parse(stdout));
  if (report.threads !== threads) throw new Error(`run took ${report.threads} threads, expected ${threads}`);
  checkAnswer(report.reduce, blocks);
  return {
    ...times,
    seconds: report.seconds,
    firstRowSeconds: report.secondsToFirstRow,
    pointSeconds: report.pointSeconds,
    errorCombined: report.reduce.errorCombined,
    alignments: storedAlignments(directory, blocks),
  };
}

/** The alignments of a complete table by seed; throws where a row is missing, doubled or without vector. */
function storedAlignments(directory: string, blocks: number): number[] {
  using held = new DisposableStack();
  const store = held.adopt(openStore(directory), (open) => open.close());
  const alignments = new Map<number, number>();
  let rows = 0;
  for (const { seed, v_alignment: alignment, ve } of store.rows(TABLE)) {
    rows += 1;
    if (!(ve instanceof Float64Array) || ve.length !== NCOL)
      throw new Error(`seed ${String(seed)} has no vector`);
    alignments.set(Number(seed), Number(alignment));
  }
  const bySeed = Array.from({ length: blocks }, (_, seed) => alignments.get(seed) ?? Number.NaN);
  if (rows === blocks && !bySeed.some(Number.isNaN)) return bySeed;
  throw new Error(`expected one row for each of the seeds 0 to ${blocks - 1}, found ${rows} rows`);
}

function checkAnswer(answer: z.infer<typeof reportSchema>['reduce'], blocks: number): void {
  const share = answer.errorSingle.mean / answer.errorCombined / Math.sqrt(blocks);
  if (share >= IMPROVEMENT_RANGE[0] && share <= IMPROVEMENT_RANGE[1]) return;
  throw new Error(`errorCombined ${answer.errorCombined} is not 1 / sqrt(${blocks}) of a block's error`);
}
