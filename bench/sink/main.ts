/**
 * `npm run bench:sink [-- --smoke] [-- --json]`: what the store takes in and gives back, beside
 * pandas, and how fast the producer fills the queue.
 *
 * Exit code 1 where a bound is missed. `--smoke` runs a little of everything and holds no bounds.
 * The database lies in the folder for temporary files (TMPDIR); take one on the disk that matters.
 */
import { cpus, tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import { fileSystemAt } from '../../store/file-system.ts';
import { tryEnqueue } from './enqueue.ts';
import type { EnqueueTrial } from './enqueue.ts';
import { findPandas, tryPandas } from './peer.ts';
import { BATCH_ROWS, inFolder, tryStore } from './trial.ts';
import type { Trial } from './trial.ts';

/** Issue 2, section 3.5: fewest rows a second, most milliseconds for READ_ROWS rows. */
const MIN_ROWS_PER_SECOND = 5_000;
const MAX_READ_MS = 300;
const READ_ROWS = 1_000;

/** Issue 2, section 3.5: most seconds for the first 100,000 points. */
const MAX_ENQUEUE_SECONDS = 10;

/** "Memory flat": what three times the points may add to the producer's largest resident set, MB. */
const MAX_GROWTH_MEGABYTES = 40;

/** Rows of a trial; pandas gets fewer, for it is slow, and its rate does not depend on it. */
const SIZES = {
  full: { rounds: 5, rows: 8_000, peerRows: 2_000, readRows: READ_ROWS, points: [100_000, 300_000] },
  smoke: { rounds: 1, rows: 400, peerRows: 200, readRows: 400, points: [1_000, 5_000] },
} as const;

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return (
    ((sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN) +
      (sorted[Math.ceil((sorted.length - 1) / 2)] ?? Number.NaN)) /
    2
  );
}

interface Measured {
  readonly trials: readonly Trial[];
  readonly peer: readonly number[];
  /** Fewer points, then more, in the producer's own process. */
  readonly enqueued: readonly [EnqueueTrial, EnqueueTrial];
}

/** Ours and pandas in turn, so that what disturbs the machine disturbs both. */
async function measure(size: (typeof SIZES)['full' | 'smoke'], withPeer: boolean): Promise<Measured> {
  const trials: Trial[] = [];
  const peer: number[] = [];
  for (let round = 0; round < size.rounds; round++) {
    trials.push(await inFolder(tmpdir(), (directory) => tryStore(directory, size.rows, size.readRows)));
    if (withPeer) peer.push(await inFolder(tmpdir(), (directory) => tryPandas(directory, size.peerRows)));
  }
  const [few, many] = size.points;
  return { trials, peer, enqueued: [await tryEnqueue(few), await tryEnqueue(many)] };
}

function reportOf({ trials, peer, enqueued }: Measured, pandas: string | undefined): Record<string, unknown> {
  const rates = trials.map(({ rowsPerSecond }) => rowsPerSecond);
  const reads = trials.map(({ readMs }) => readMs);
  return {
    machine: `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}`,
    fileSystem: fileSystemAt(tmpdir()).name,
    batchRows: BATCH_ROWS,
    rowsPerSecond: { best: Math.max(...rates), median: median(rates) },
    cpuMicrosPerRow: median(trials.map(({ cpuMicrosPerRow }) => cpuMicrosPerRow)),
    readMs: { best: Math.min(...reads), median: median(reads) },
    enqueued,
    pandas:
      pandas === undefined
        ? null
        : { version: pandas, rowsPerSecond: { best: Math.max(...peer), median: median(peer) } },
    ratioToPandas: pandas === undefined ? null : median(rates) / median(peer),
  };
}

function linesOf({ trials, peer, enqueued }: Measured, readRows: number): string[] {
  const list = (values: readonly number[]): string => values.map((value) => value.toFixed(0)).join(' ');
  const rates = trials.map(({ rowsPerSecond }) => rowsPerSecond);
  const reads = trials.map(({ readMs }) => readMs);
  return [
    `rows of 1,004 columns committed a second, ${BATCH_ROWS} a transaction: ${list(rates)} ` +
      `(bound: best >= ${MIN_ROWS_PER_SECOND})`,
    `processor time of a row, microseconds: ${list(trials.map(({ cpuMicrosPerRow }) => cpuMicrosPerRow))}`,
    `${readRows} rows read back, ms: ${list(reads)} (bound: best <= ${MAX_READ_MS})`,
    ...enqueued.map(
      ({ points, seconds, peakMegabytes }) =>
        `${points} points enqueued in ${seconds.toFixed(1)} s, producer's peak memory ${peakMegabytes.toFixed(0)} MB`,
    ),
    ...(peer.length === 0
      ? []
      : [
          `pandas' to_sql, rows a second: ${list(peer)}; ` +
            `ratio of the medians: ${(median(rates) / median(peer)).toFixed(1)}`,
        ]),
  ];
}

/** The bounds that the trials miss; the best of the rounds counts, for the machine may be shared. */
function missed({ trials, enqueued: [few, many] }: Measured): string[] {
  const rate = Math.max(...trials.map(({ rowsPerSecond }) => rowsPerSecond));
  const readMs = Math.min(...trials.map((trial) => trial.readMs));
  return [
    ...(rate < MIN_ROWS_PER_SECOND
      ? [`missed: ${rate.toFixed(0)} rows/s, expected ${MIN_ROWS_PER_SECOND}`]
      : []),
    ...(readMs > MAX_READ_MS
      ? [`missed: ${readMs.toFixed(0)} ms to read back, expected ${MAX_READ_MS}`]
      : []),
    ...(few.seconds > MAX_ENQUEUE_SECONDS
      ? [`missed: ${few.points} points enqueued in ${few.seconds.toFixed(1)} s, expected ${MAX_ENQUEUE_SECONDS}`]
      : []),
    ...(many.peakMegabytes - few.peakMegabytes > MAX_GROWTH_MEGABYTES
      ? [`missed: memory grew by ${(many.peakMegabytes - few.peakMegabytes).toFixed(0)} MB, expected ${MAX_GROWTH_MEGABYTES}`]
      : []),
  ];
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { smoke: { type: 'boolean' }, json: { type: 'boolean' } } });
  const size = values.smoke === true ? SIZES.smoke : SIZES.full;
  const note = (line: string): boolean => process.stderr.write(`${line}\n`);
  const pandas = await findPandas(note);
  const measured = await measure(size, pandas !== undefined);
  const output =
    values.json === true
      ? JSON.stringify(reportOf(measured, pandas))
      : linesOf(measured, size.readRows).join('\n');
  process.stdout.write(`${output}\n`);
  const misses = values.smoke === true ? [] : missed(measured);
  for (const line of misses) note(line);
  if (misses.length > 0) process.exitCode = 1;
}

await main();
