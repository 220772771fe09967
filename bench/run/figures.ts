import { quantile } from '../../store/provenance.ts';
import type { DaskTrial } from './dask.ts';
import type { BareTrial, RunTrial } from './trial.ts';

/** Largest difference allowed between the alignments that Sluice and LAPACK find, up to sign. */
const LARGEST_DIFFERENCE = 1e-12;

/** What the rounds measured; a list is empty where its part was left out. */
export interface Trials {
  readonly bare: readonly BareTrial[];
  readonly run: readonly RunTrial[];
  readonly dask: readonly DaskTrial[];
}

/** The limits of issue 2, section 3.4. */
export interface Bounds {
  /** Seconds of `sluice run` over seconds of the bare loop. */
  readonly mostRatio: number;
  readonly mostFirstRowSeconds: number;
  /** Dask's seconds a point over Sluice's. */
  readonly leastDaskRatio: number;
}

/** Best and median of the rounds. */
export interface Spread {
  readonly best: number;
  readonly median: number;
}

/** A figure that is held against a bound. */
export interface Figure extends Spread {
  readonly name: string;
  readonly bound: string;
  readonly passed: boolean;
}

/** Smallest and median of the values; at least one. */
export function spread(values: readonly number[]): Spread {
  const sorted = Float64Array.from(values).sort();
  return { best: sorted[0] as number, median: quantile(sorted, 0.5) };
}

/** The ratio of best to best and of median to median. */
export function ratio(above: readonly number[], below: readonly number[]): Spread {
  const [a, b] = [spread(above), spread(below)];
  return { best: a.best / b.best, median: a.median / b.median };
}

/** The figures that the trials give; a bound holds the best of each. */
export function figuresOf({ bare, run, dask }: Trials, blocks: number, bounds: Bounds): Figure[] {
  if (run.length === 0) return [];
  const { mostRatio, mostFirstRowSeconds, leastDaskRatio } = bounds;
  const bareSeconds = bare.map(({ seconds }) => seconds);
  const runSeconds = run.map(({ seconds }) => seconds);
  const runPoints = runSeconds.map((seconds) => seconds / blocks);
  const daskPoints = dask.map(({ seconds, alignments }) => seconds / alignments.length);
  const firstRows = run.map(({ firstRowSeconds }) => firstRowSeconds);
  return [
    ...(bare.length === 0 ? [] : [atMost('seconds, run / bare', ratio(runSeconds, bareSeconds), mostRatio)]),
    atMost('seconds to the first row, run', spread(firstRows), mostFirstRowSeconds),
    ...(dask.length === 0
      ? []
      : [atLeast('seconds a point, Dask / run', ratio(daskPoints, runPoints), leastDaskRatio)]),
  ];
}

function atMost(name: string, value: Spread, limit: number): Figure {
  return { name, ...value, bound: `at most ${limit}`, passed: value.best <= limit };
}

function atLeast(name: string, value: Spread, limit: number): Figure {
  return { name, ...value, bound: `at least ${limit}`, passed: value.best >= limit };
}

/**
 * The largest difference between the alignments that Dask and Sluice found, up to sign, or null where one was
 * left out; throws where it is above 1e-12, for then they did not compute the same.
 */
export function checkSame({ run, dask }: Trials): number | null {
  const [ours, theirs] = [run[0]?.alignments, dask[0]?.alignments];
  if (ours === undefined || theirs === undefined) return null;
  const largest = Math.max(...theirs.map((value, seed) => differenceUpToSign(value, ours[seed] ?? value)));
  if (largest <= LARGEST_DIFFERENCE) return largest;
  throw new Error(`an alignment is off by ${largest} from Dask's, expected at most ${LARGEST_DIFFERENCE}`);
}

function differenceUpToSign(a: number, b: number): number {
  return Math.abs(Math.abs(a) - Math.abs(b));
}
