import { cpus } from 'node:os';
import type { ChildTimes } from './child.ts';
import { type Figure, ratio, type Trials } from './figures.ts';
import { line, number, values } from './lines.ts';
import type { Gathered } from './rounds.ts';
import { THREADS } from './trial.ts';

/** What was measured, and on what. */
export interface Measured extends Gathered {
  readonly figures: readonly Figure[];
  readonly blocks: number;
  readonly rounds: number;
  /** Largest difference of an alignment between Sluice and Dask; null where one was left out. */
  readonly difference: number | null;
  /** Of the peer's packages; null where it was left out. */
  readonly versions: Readonly<Record<string, string>> | null;
}

/** The document of --json: the figures, and each round's times. */
export function documentOf({ trials, ...measured }: Measured): unknown {
  const { bare, run, dask } = trials;
  return {
    machine: { cores: cpus().length, cpu: cpus()[0]?.model ?? 'unknown', node: process.version },
    threads: THREADS,
    ...measured,
    passed: measured.figures.every(({ passed }) => passed),
    bare,
    run: run.map((trial) => ({ ...trial, alignments: undefined })),
    dask: dask.map(({ alignments, ...rest }) => ({ points: alignments.length, ...rest })),
  };
}

/** The same as a person reads it. */
export function linesOf(measured: Measured): string[] {
  const { trials, figures, blocks, rounds, tries, othersShare, difference, versions } = measured;
  const cpu = cpus()[0]?.model ?? 'unknown CPU';
  return [
    `${blocks} blocks of 1000 x 1000, ${THREADS} at once, the quietest ${rounds} of ${tries} rounds`,
    `others took at most ${(100 * othersShare).toFixed(0)} % of the machine meanwhile`,
    `Node ${process.version}, ${cpu}`,
    ...Object.entries(versions ?? {}).map(([name, version]) => `${name} ${version}`),
    line('', ['best', 'median', 'every round']),
    ...bareLines(trials),
    ...runLines(trials),
    ...daskLines(trials),
    ...(difference === null ? [] : [`alignments of run and Dask agree to ${difference.toExponential(1)}`]),
    ...figures.map(({ name, best, median, bound, passed }) =>
      line(name, [number(best), number(median), `${passed ? 'holds' : 'MISSED'}: ${bound}`]),
    ),
  ];
}

function bareLines({ bare }: Trials): string[] {
  return [
    ...values('bare: s to the last block', bare, ({ seconds }) => seconds),
    ...values('bare: s of the loop alone, a thread', bare, ({ loopSeconds }) => loopSeconds),
    ...values('bare: s outside', bare, ({ wallSeconds }) => wallSeconds),
    ...cpuLines('bare', bare),
  ];
}

function runLines({ bare, run }: Trials): string[] {
  return [
    ...values('run: s to the last row committed', run, ({ seconds }) => seconds),
    ...values('run: s to the first row committed', run, ({ firstRowSeconds }) => firstRowSeconds),
    ...values('run: ms of a block, median', run, ({ pointSeconds }) => pointSeconds.median * 1000),
    ...values('run: s outside', run, ({ wallSeconds }) => wallSeconds),
    ...cpuLines('run', run),
    ...cpuRatioLines(run, bare),
  ];
}

function daskLines({ dask }: Trials): string[] {
  return [
    ...values('Dask: s a point', dask, ({ seconds, alignments }) => seconds / alignments.length),
    ...values(
      'Dask: s a point without its start',
      dask,
      ({ seconds, startSeconds, alignments }) => (seconds - startSeconds) / alignments.length,
    ),
    ...cpuLines('Dask', dask),
  ];
}

function cpuLines(name: string, trials: readonly ChildTimes[]): string[] {
  if (trials.some(({ cpuSeconds }) => cpuSeconds === null)) return [];
  return [
    ...values(`${name}: CPU s`, trials, ({ cpuSeconds }) => cpuSeconds ?? 0),
    ...values(`${name}: CPU s of others meanwhile`, trials, ({ othersCpuSeconds }) => othersCpuSeconds ?? 0),
  ];
}

function cpuRatioLines(run: readonly ChildTimes[], bare: readonly ChildTimes[]): string[] {
  const [above, below] = [run, bare].map((trials) => trials.flatMap(({ cpuSeconds }) => cpuSeconds ?? []));
  if (above === undefined || below === undefined || above.length === 0 || below.length === 0) return [];
  const { best, median } = ratio(above, below);
  return [line('CPU s, run / bare', [number(best), number(median)])];
}
