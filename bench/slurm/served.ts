import { readTable, storedRows } from '../../test/system/harness/table.ts';
import { processesIn } from '../../test/system/harness/processes.ts';
import { until } from '../../test/system/harness/until.ts';
import { committedBetween, hostsOf } from '../../test/slurm/harness/provenance.ts';
import { childrenCpu, cpuOf, machineCpu } from '../run/child.ts';

/** Table of the blocks. */
const TABLE = 'svd_block';

/** Longest that a table may take; a smoke's and a busy machine's included. */
const COMPLETE_MS = 300_000;

/** Consumers of a trial, each with one slot; as many nodes. */
export const CONSUMERS = 3;

/** A broker that is up, its data folder, and how consumers are started for it. */
export interface Serving {
  /** The folder in which all its processes run. */
  readonly folder: string;
  readonly data: string;
  /** Runs `sluice PARAMETERS --json` to its end, which must be exit code 0. */
  readonly sluice: (...parameters: string[]) => Promise<Record<string, unknown>>;
  /** Asks for the consumers; they may come later. */
  readonly start: () => Promise<unknown>;
  /** How many hosts their rows come from. */
  readonly hosts: number;
}

/** A table's way from the request to its last row, in seconds since `enqueue` was called. */
export interface Served {
  readonly seconds: number;
  readonly firstRowSeconds: number;
}

/** What serving the blocks took. */
export interface ServedTrial {
  /** With consumers that were asked for after the points. */
  readonly cold: Served;
  /** As many blocks again, with the consumers waiting. */
  readonly hot: Served;
  /** From the call of `enqueue` until the consumers were asked for: its end and, by SLURM, that of `launch`. */
  readonly askedSeconds: number;
  /** CPU time of all processes of the trial but SLURM's own until the cold table was complete; null off Linux. */
  readonly cpuSeconds: number | null;
  /** The same for the second table alone. */
  readonly hotCpuSeconds: number | null;
  readonly wallSeconds: number;
  /** CPU time that everything else on the machine took in all of that. */
  readonly othersCpuSeconds: number | null;
}

/** Serves `blocks` blocks cold, and as many others hot; throws where a row is missing, doubled, or from elsewhere. */
export async function tryServed(blocks: number, serving: Serving): Promise<ServedTrial> {
  const [before, machineBefore, beganMs] = [cpuIn(serving), machineCpu() ?? 0, Date.now()];
  await enqueue(blocks, serving);
  await serving.start();
  const askedSeconds = (Date.now() - beganMs) / 1000;
  const cold = await complete(blocks, beganMs, serving);
  const between = cpuIn(serving);
  await until('all consumers are there', async () => (await consumers(serving)) === CONSUMERS, COMPLETE_MS);
  const [beforeHot, hotBeganMs] = [cpuIn(serving), Date.now()];
  await enqueue(2 * blocks, serving);
  const hot = await complete(2 * blocks, hotBeganMs, serving);
  const [after, endedMs] = [cpuIn(serving), Date.now()];
  check(2 * blocks, serving);
  return {
    cold, hot, askedSeconds,
    cpuSeconds: between - before,
    hotCpuSeconds: after - beforeHot,
    wallSeconds: (endedMs - beganMs) / 1000,
    othersCpuSeconds: Math.max(0, (machineCpu() ?? 0) - machineBefore - (after - before)),
  };
}

async function enqueue(blocks: number, { sluice }: Serving): Promise<void> {
  await sluice('enqueue', 'svd-block', '--blocks', String(blocks), '--table', TABLE);
}

/** Resolves once `rows` rows are stored, with the times of those that were committed since. */
async function complete(rows: number, sinceMs: number, { data }: Serving): Promise<Served> {
  await until(`${rows} rows are stored`, () => storedRows(data, TABLE) >= rows, COMPLETE_MS);
  const { firstMs, lastMs } = committedBetween(data, TABLE, sinceMs);
  return { seconds: (lastMs - sinceMs) / 1000, firstRowSeconds: (firstMs - sinceMs) / 1000 };
}

async function consumers({ sluice }: Serving): Promise<number> {
  const { consumers: seen } = (await sluice('status')) as { consumers: { alive: boolean; slots: number }[] };
  return seen.filter(({ alive, slots }) => alive && slots === 1).length;
}

/** CPU seconds of the living processes of a trial, of their ended children and of ours, and of this process. */
function cpuIn({ folder }: Serving): number {
  const { user, system } = process.cpuUsage();
  const living = processesIn(folder).map(({ pid }) => cpuOf(pid) ?? 0);
  return (childrenCpu() ?? 0) + (user + system) / 1e6 + living.reduce((sum, one) => sum + one, 0);
}

function check(rows: number, { data, hosts }: Serving): void {
  const table = readTable(data, TABLE);
  const found = hostsOf(data, TABLE).length;
  if (table.rows === rows && table.distinctKeys === rows && table.failures === 0 && found === hosts) return;
  throw new Error(`expected ${rows} rows from ${hosts} hosts, found ${table.rows} rows of ${table.distinctKeys} points from ${found}, ${table.failures} failures`);
}
