import { unitFor } from '../chart/elapsed.ts';
import { histogram } from '../chart/histogram.ts';
import { lineChart } from '../chart/line-chart.ts';
import { numberText } from '../chart/number-text.ts';
import type { ChartSize } from '../chart/rate-chart.ts';
import { duration } from '../progress.ts';
import type { Origin } from './origin.ts';

/** One sentence on how the rows came. */
export function rowsSentence({ rows, committed }: Origin): string {
  const [first, last] = [committed[0], committed.at(-1)];
  if (first === undefined || last === undefined) return 'There are no rows yet.';
  return `${numberText(rows)} ${rows === 1 ? 'row was' : 'rows were'} committed within ${duration((last.atMs - first.atMs) / 1000)}.`;
}

/** Rows in the table over the time since the first. */
export function rowsChart(origin: Origin, size: ChartSize): string {
  const { committed } = origin;
  const start = committed[0]?.atMs ?? 0;
  const unit = unitFor(((committed.at(-1)?.atMs ?? start) - start) / 1000);
  return lineChart({
    ...size,
    title: 'Rows over time',
    description: rowsSentence(origin),
    x: { title: `time since the first row (${unit.name})` },
    y: { title: 'rows committed' },
    lines: [{ name: 'rows', role: 'data', filled: true, points: committed.map(({ atMs, count }) => [(atMs - start) / 1000 / unit.seconds, count]) }],
    empty: 'no rows yet',
  });
}

/** One sentence on how long points took. */
export function secondsSentence({ pointSeconds }: Origin): string {
  if (pointSeconds === null) return 'There are no rows yet.';
  const { least, median, p95, most } = pointSeconds;
  return `A point took ${numberText(median)} s in the median, 95 % at most ${numberText(p95)} s; the shortest ${numberText(least)} s, the longest ${numberText(most)} s.`;
}

/** How many points took how long. */
export function secondsChart(origin: Origin, size: ChartSize): string {
  return histogram({
    ...size,
    title: 'Seconds a point',
    description: secondsSentence(origin),
    x: { title: 'seconds a point (s)', kind: 'log' },
    counted: 'points',
    bins: origin.secondsBars,
    empty: 'no rows yet',
  });
}
