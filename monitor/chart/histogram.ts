import type { Axis } from './axis.ts';
import { areaOf, axesOf, coordinate, emptyText, framed, tickRoom, type ChartText } from './frame.ts';
import { numberText } from './number-text.ts';
import { scaleOf } from './scale.ts';

/** How many values lie in [from, to), the last bin's end included. */
export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** A chart of bins side by side. */
export interface Histogram extends ChartText {
  readonly x: Axis;
  /** What is counted: `rows`. */
  readonly counted: string;
  /** Rising, without gaps; on a log axis all above 0. */
  readonly bins: readonly Bin[];
  readonly empty: string;
}

/** The histogram as SVG text: a bar for each bin that is not empty, on a count axis from 0. */
export function histogram(chart: Histogram): string {
  const area = areaOf(chart);
  const most = tickRoom(area);
  const [first, last] = [chart.bins[0], chart.bins.at(-1)];
  const x = scaleOf({ ...chart.x, from: first?.from, to: last?.to }, [], [area.left, area.right], most.x);
  const greatest = Math.max(0, ...chart.bins.map(({ count }) => count));
  const y = scaleOf({ title: chart.counted }, [0, greatest], [area.bottom, area.top], Math.min(most.y, Math.max(1, greatest)));
  const bars = chart.bins.filter(({ count }) => count > 0).map(({ from, to, count }) => {
    const [left, right, top] = [x.at(from), x.at(to), y.at(count)];
    // A gap of a pixel tells neighbours apart, where there is room for one.
    const width = Math.max(right - left - 1, 0.5);
    const told = `${numberText(from)} to ${numberText(to)}: ${numberText(count)}`;
    return `<rect class="chart-bar" x="${coordinate(left)}" y="${coordinate(top)}" width="${coordinate(width)}" height="${coordinate(area.bottom - top)}"><title>${told}</title></rect>`;
  });
  const body = bars.length === 0 ? emptyText(area, chart.empty) : bars.join('\n');
  return framed(chart, `${axesOf(area, { ...x, title: chart.x.title }, { ...y, title: chart.counted })}\n${body}`);
}

/** The bins of `counts` of equal width over [from, to]. */
export function equalBins(from: number, to: number, counts: readonly number[]): Bin[] {
  const edge = (index: number): number => (index === counts.length ? to : from + ((to - from) * index) / counts.length);
  return counts.map((count, index) => ({ from: edge(index), to: edge(index + 1), count }));
}
