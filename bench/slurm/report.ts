import { cpus } from 'node:os';
import { ratio } from '../run/figures.ts';
import { line, number, values } from '../run/lines.ts';
import type { Quietest } from '../run/quietest.ts';
import type { Trio } from './rounds.ts';
import { CONSUMERS, type ServedTrial } from './served.ts';

/** What was measured, and of how many blocks. */
export interface Measured extends Quietest<Trio> {
  readonly blocks: number;
}

/** Another way's cost beside that of `run`. */
interface Cost {
  readonly name: string;
  readonly of: (trio: Trio) => number;
  readonly run: (trio: Trio) => number;
}

/** From the first row committed to the last. */
const rowsSeconds = ({ seconds, firstRowSeconds }: { readonly seconds: number; readonly firstRowSeconds: number }): number => seconds - firstRowSeconds;

const WAYS = [
  ['services', ({ services }: Trio): ServedTrial => services],
  ['nodes', ({ nodes }: Trio): ServedTrial => nodes],
] as const;

const COSTS: readonly Cost[] = WAYS.flatMap(([name, way]) => [
  { name: `s, cold, ${name} / run`, of: (trio) => way(trio).cold.seconds, run: ({ run }) => run.seconds },
  { name: `s, hot, ${name} / run`, of: (trio) => way(trio).hot.seconds, run: ({ run }) => run.seconds },
  { name: `s, hot, first to last, ${name} / run`, of: (trio) => rowsSeconds(way(trio).hot), run: ({ run }) => rowsSeconds(run) },
  { name: `CPU s, cold, ${name} / run`, of: (trio) => way(trio).cpuSeconds ?? Number.NaN, run: ({ run }) => run.cpuSeconds ?? Number.NaN },
]);

/** The document of --json: the ratios, and each round's times. */
export function documentOf({ counted, ...measured }: Measured): unknown {
  return {
    machine: { cores: cpus().length, cpu: cpus()[0]?.model ?? 'unknown', node: process.version },
    slots: CONSUMERS,
    ...measured,
    ratios: Object.fromEntries(COSTS.map(({ name, of, run }) => [name, ratio(counted.map(of), counted.map(run))])),
    rounds: counted.map(({ run, ...others }) => ({ ...others, run: { ...run, alignments: undefined } })),
  };
}

/** The same as a person reads it. */
export function linesOf({ counted, tries, othersShare, blocks }: Measured): string[] {
  return [
    `${blocks} blocks of 1000 x 1000, ${CONSUMERS} slots, the quietest ${counted.length} of ${tries} rounds`,
    `others took at most ${(100 * othersShare).toFixed(0)} % of the machine meanwhile`,
    `Node ${process.version}, ${cpus()[0]?.model ?? 'unknown CPU'}`,
    line('', ['best', 'median', 'every round']),
    ...values('run: s to the last row', counted, ({ run }) => run.seconds),
    ...values('run: s to the first row', counted, ({ run }) => run.firstRowSeconds),
    ...values('run: CPU s', counted, ({ run }) => run.cpuSeconds ?? 0),
    ...WAYS.flatMap(([name, way]) => wayLines(name, counted.map(way))),
    line('ratios', ['best', 'median', 'every round']),
    ...COSTS.map(({ name, of, run }) => costLine(name, counted.map(of), counted.map(run))),
  ];
}

function wayLines(name: string, trials: readonly ServedTrial[]): string[] {
  return [
    ...values(`${name}: s to asking for consumers`, trials, ({ askedSeconds }) => askedSeconds),
    ...values(`${name}: s to the first row, cold`, trials, ({ cold }) => cold.firstRowSeconds),
    ...values(`${name}: s to the last row, cold`, trials, ({ cold }) => cold.seconds),
    ...values(`${name}: CPU s, cold`, trials, ({ cpuSeconds }) => cpuSeconds ?? 0),
    ...values(`${name}: s to the first row, hot`, trials, ({ hot }) => hot.firstRowSeconds),
    ...values(`${name}: s to the last row, hot`, trials, ({ hot }) => hot.seconds),
    ...values(`${name}: CPU s, hot`, trials, ({ hotCpuSeconds }) => hotCpuSeconds ?? 0),
  ];
}

function costLine(name: string, above: readonly number[], below: readonly number[]): string {
  const { best, median } = ratio(above, below);
  const each = above.map((value, index) => number(value / (below[index] ?? Number.NaN)));
  return line(name, [number(best), number(median), each.join(' ')]);
}
