/**
 * `npm run bench:upload [-- --smoke] [-- --json] [-- --rows N]`: rows of 1,004 columns from SQLite to a fake of BigQuery on
 * this machine: load jobs, bytes, rows a second, memory. What it measures is our side, and the fake's reading beside it:
 * nothing of it is Google's speed, nor a network's.
 *
 * Exit code 1 where a bound is missed; `--smoke` uploads a little and holds no bounds.
 */
import { fork, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { createGzip } from 'node:zlib';
import { silentLog } from '../../runtime/log.ts';
import { pause } from '../../runtime/wait.ts';
import { GZIP_LEVEL } from '../../sink/upload/bigquery.ts';
import { encodeRows } from '../../sink/upload/encode.ts';
import { PACE } from '../../sink/upload/pace.ts';
import { openUploader, wallClock } from '../../sink/upload/uploader.ts';
import { openStore } from '../../store/store.ts';
import { openWriter } from '../../store/writer.ts';
import { encodeEntry } from '../../wire/entry.ts';
import { TABLE } from '../sink/wide-rows.ts';
import type { FakeReport } from './fake.ts';

const ROWS = 100_000;
const SMOKE_ROWS = 500;

/** BigQuery's bound is 1,500 load jobs a day and table; a million rows are ten times as many jobs as these. */
const MAX_JOBS = 30;

/** Rows that our own work is measured over. */
const OWN_ROWS = 2_000;

/** Loose: least rows that this process may upload a second of its own CPU time, the fake's not counted; a quiet machine has four times as many. */
const MIN_ROWS_A_CPU_SECOND = 100;

/** "Memory flat": most MB that the second half of the jobs may add to the largest resident set of the first. */
const MAX_GROWTH_MEGABYTES = 60;

interface Measured {
  readonly rows: number;
  readonly seconds: number;
  /** Of this process alone. */
  readonly cpuSeconds: number;
  /** Rows a second of CPU that are read, encoded and compressed, and go nowhere. */
  readonly encodedACpuSecond: number;
  /** Largest resident set during each job, MB. */
  readonly megabytes: readonly number[];
  readonly fake: FakeReport;
}

async function upload(folder: string, fake: { endpoint: string; project: string }): Promise<Pick<Measured, 'rows' | 'seconds' | 'cpuSeconds' | 'megabytes'>> {
  const writer = openWriter(folder);
  const commit = async (entry: Parameters<typeof encodeEntry>[0]): Promise<void> => void writer.apply([{ id: 'bench', bytes: encodeEntry(entry) }]);
  const settings = { bigquery: fake.project, endpoint: fake.endpoint };
  const uploader = openUploader({ data: folder, settings, pace: { ...PACE, timeoutMs: 600_000 }, clock: wallClock(pause), commit, log: silentLog() });
  const megabytes: number[] = [];
  let peak = 0;
  const sampler = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss() / 1e6)), 100);
  const startedAtMs = performance.now();
  const before = process.cpuUsage();
  let rows = 0;
  for (;;) {
    const came = await uploader.attempt(TABLE, true);
    if (came.kind === 'idle') break;
    if (came.kind === 'fault') {
      if (came.action === 'person') throw new Error(came.line);
      process.stderr.write(`${came.line}\n`);
      await pause(came.waitMs);
      continue;
    }
    if (came.rows > 0) megabytes.push(peak);
    rows += came.rows;
    peak = 0;
  }
  const seconds = (performance.now() - startedAtMs) / 1000;
  const cpuSeconds = cpuSecondsSince(before);
  clearInterval(sampler);
  uploader.close();
  writer.close();
  return { rows, seconds, cpuSeconds, megabytes };
}

function cpuSecondsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** Reads, encodes and compresses rows as an upload does; rows a second of CPU, warm. */
async function encodeAlone(folder: string): Promise<number> {
  const store = openStore(folder);
  const last = Math.min(OWN_ROWS, store.lastRowId(TABLE));
  let best = 0;
  for (let round = 0; round < 2; round += 1) {
    const before = process.cpuUsage();
    const lines = encodeRows(store.outbox(TABLE)!.rows('', 1, last));
    await pipeline(Readable.from(lines, { objectMode: false }), createGzip({ level: GZIP_LEVEL }), new Writable({ write: (_chunk, _encoding, done) => done() }));
    best = Math.max(best, last / cpuSecondsSince(before));
  }
  store.close();
  return best;
}

async function measure(rows: number): Promise<Measured & { name: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  const child = fork(join(import.meta.dirname, 'fake.ts'), [TABLE]);
  try {
    const filled = spawnSync(process.execPath, [join(import.meta.dirname, 'fill.ts'), folder, String(rows)], { stdio: 'inherit' });
    if (filled.status !== 0) throw new Error('the database could not be filled');
    const told = await messageOf<{ name: string; endpoint: string; project: string }>(child);
    const measured = { ...(await upload(folder, told)), encodedACpuSecond: await encodeAlone(folder) };
    child.send('report');
    return { ...measured, name: told.name, fake: await messageOf<FakeReport>(child) };
  } finally {
    child.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function messageOf<T>(child: ChildProcess): Promise<T> {
  return (await once(child, 'message'))[0] as T;
}

/** How much the largest resident set of the second half of the jobs is above that of the first, MB. */
function growth({ megabytes }: Measured): number {
  const half = Math.ceil(megabytes.length / 2);
  return Math.max(...megabytes.slice(half), 0) - Math.max(...megabytes.slice(0, half));
}

function linesOf(measured: Measured & { name: string }): string[] {
  const { rows, seconds, cpuSeconds, encodedACpuSecond, megabytes, fake, name } = measured;
  return [
    `to a ${name}`,
    `${rows} rows of 1,004 columns in ${fake.loadJobs} load jobs (bound: <= ${MAX_JOBS}), ${(fake.bytes / 1e6).toFixed(0)} MB compressed`,
    `${(rows / seconds).toFixed(0)} rows a second, the fake's reading and checksum included, ${seconds.toFixed(1)} s`,
    `${(rows / cpuSeconds).toFixed(0)} rows a second of our CPU time, the fake's not counted (bound, loose: >= ${MIN_ROWS_A_CPU_SECOND}); read, encoded and compressed alone ${encodedACpuSecond.toFixed(0)}`,
    `largest resident set by job, MB: ${megabytes.map((value) => value.toFixed(0)).join(' ')} (bound: the second half adds <= ${MAX_GROWTH_MEGABYTES})`,
  ];
}

const { values } = parseArgs({ options: { smoke: { type: 'boolean' }, json: { type: 'boolean' }, rows: { type: 'string' } } });
const measured = await measure(values.smoke === true ? SMOKE_ROWS : Number(values.rows ?? ROWS));
const report = { machine: `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}`, ...measured, growthMegabytes: growth(measured) };
process.stdout.write(values.json === true ? `${JSON.stringify(report)}\n` : `${linesOf(measured).join('\n')}\n`);
if (measured.fake.rows !== measured.rows) throw new Error(`the fake has ${measured.fake.rows} rows of ${measured.rows}`);
const isMissed = measured.fake.loadJobs > MAX_JOBS || growth(measured) > MAX_GROWTH_MEGABYTES || measured.rows / measured.cpuSeconds < MIN_ROWS_A_CPU_SECOND;
if (values.smoke !== true && isMissed) process.exitCode = 1;
