import type { RateSample } from '../snapshot.ts';
import { unitFor } from './elapsed.ts';
import { lineChart } from './line-chart.ts';
import { numberText } from './number-text.ts';

/** What a chart needs besides its data. */
export interface ChartSize {
  readonly id: string;
  readonly width: number;
  readonly height: number;
}

/** One sentence on `samples`, oldest first. */
export function rateSentence(samples: readonly RateSample[]): string {
  const last = samples.at(-1);
  if (last === undefined) return 'No point was settled yet.';
  const most = samples.reduce((greatest, { perSecond }) => Math.max(greatest, perSecond), 0);
  return `${numberText(last.perSecond)} points a second at the end of the line, ${numberText(most)} at most.`;
}

/** Points a second over the time since the first of `samples`, oldest first. */
export function rateChart(samples: readonly RateSample[], size: ChartSize): string {
  const start = samples[0]?.atMs ?? 0;
  const unit = unitFor(((samples.at(-1)?.atMs ?? start) - start) / 1000);
  return lineChart({
    ...size,
    title: 'Rate over time',
    description: rateSentence(samples),
    x: { title: `time since the first look (${unit.name})` },
    y: { title: 'points a second', from: 0, to: roundedUp(samples.map(({ perSecond }) => perSecond)) },
    lines: [{ name: 'points a second', role: 'data', filled: true, points: samples.map(({ atMs, perSecond }) => [(atMs - start) / 1000 / unit.seconds, perSecond]) }],
    empty: 'nothing was settled yet',
  });
}

/** An end of the axis a little above the greatest of `values`; undefined where there is none above 0. */
function roundedUp(values: readonly number[]): number | undefined {
  const most = values.reduce((greatest, value) => Math.max(greatest, value), 0);
  if (most <= 0) return undefined;
  const step = 10 ** Math.floor(Math.log10(most)) / 2;
  return Math.ceil(most / step) * step;
}
