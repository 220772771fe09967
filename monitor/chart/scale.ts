import { extent } from 'd3-array';
import { scaleLinear, scaleLog, type ScaleContinuousNumeric } from 'd3-scale';
import { hasPlace, type Axis } from './axis.ts';
import { numberText } from './number-text.ts';

/** A place on an axis that is labelled. */
export interface Tick {
  readonly at: number;
  readonly label: string;
}

/** An axis with its place on the paper. */
export interface Scale {
  /** The coordinate of a value that has a place on the axis. */
  readonly at: (value: number) => number;
  readonly ticks: readonly Tick[];
}

/** Decades of a log axis from which on only powers of ten are labelled. */
const DECADES_ALONE = 2;

/** Span of a log axis, as a factor, below which it has ticks as a linear one has. */
const NARROW = 5;

/**
 * The scale of `axis` over `values` between the coordinates `range`, its ends at round numbers unless the axis names them.
 * Without values it goes from 0 (or 1, on a log axis) to 1 (or 10).
 */
export function scaleOf(axis: Axis, values: readonly number[], range: readonly [number, number], most: number): Scale {
  const isLog = axis.kind === 'log';
  const domain = domainOf(axis, values);
  const scale: ScaleContinuousNumeric<number, number> = (isLog ? scaleLog() : scaleLinear()).domain(domain).range(range);
  if (axis.to === undefined && axis.from === undefined && !(isLog && narrow(domain))) scale.nice(most);
  const ticks = isLog ? logTicks(scale, most) : scale.ticks(most);
  return { at: (value) => scale(value), ticks: ticks.map((tick) => ({ at: scale(tick), label: numberText(tick, 6) })) };
}

function domainOf(axis: Axis, values: readonly number[]): [number, number] {
  const isLog = axis.kind === 'log';
  const [least, greatest] = extent(values.filter((value) => hasPlace(axis, value)));
  const from = axis.from ?? least ?? (isLog ? 1 : 0);
  const to = axis.to ?? greatest ?? (isLog ? 10 : 1);
  if (from < to) return [from, to];
  // One value alone, or none within the ends: an axis needs some length.
  return isLog ? [from / 2, from * 2] : [Math.min(from, 0), Math.max(from, 0) || 1];
}

function narrow([from, to]: readonly [number, number]): boolean {
  return to / from < NARROW;
}

/** Powers of ten where there are some, else 1, 2 and 5 of each, else as on a linear axis; d3 would give all nine of a decade. */
function logTicks(scale: ScaleContinuousNumeric<number, number>, most: number): number[] {
  const domain = scale.domain() as [number, number];
  if (narrow(domain)) return scaleLinear().domain(domain).ticks(Math.min(most, 4));
  const [from, to] = domain;
  const first = Math.floor(Math.log10(from));
  const last = Math.ceil(Math.log10(to));
  const steps = last - first > DECADES_ALONE ? [1] : [1, 2, 5];
  const stride = Math.max(1, Math.ceil((last - first) / most));
  const ticks: number[] = [];
  for (let power = first; power <= last; power += stride) {
    for (const step of steps) ticks.push(Number(`${step}e${power}`));
  }
  return ticks.filter((tick) => tick >= from * (1 - 1e-9) && tick <= to * (1 + 1e-9));
}
