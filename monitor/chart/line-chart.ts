import { area as areaBelow, line } from 'd3-shape';
import { hasPlace, type Axis } from './axis.ts';
import { escaped } from './escaped.ts';
import { areaOf, axesOf, coordinate, emptyText, framed, tickRoom, type Area, type ChartText } from './frame.ts';
import { scaleOf, type Scale } from './scale.ts';

/** A point of a line. */
export type Place = readonly [x: number, y: number];

/** A line of a chart. */
export interface Line {
  readonly name: string;
  /** The data, filled down to the axis where `filled`, with a dot at each point where `dotted`; or a line to hold them against. */
  readonly role: 'data' | 'reference';
  readonly points: readonly Place[];
  readonly filled?: boolean;
  readonly dotted?: boolean;
}

/** A chart of lines over a common pair of axes. */
export interface LineChart extends ChartText {
  readonly x: Axis;
  readonly y: Axis;
  readonly lines: readonly Line[];
  /** What it says where no line has a point. */
  readonly empty: string;
}

/** Width of a character of the key, in pixels, and of the stroke beside each name. */
const KEY = { character: 6.6, stroke: 18, gap: 24 };

/** The chart as SVG text; points that have no place on a log axis are left out, and a point alone is a dot. */
export function lineChart(chart: LineChart): string {
  const area = areaOf(chart);
  const most = tickRoom(area);
  const lines = chart.lines.map((line) => ({ ...line, points: line.points.filter(([x, y]) => hasPlace(chart.x, x) && hasPlace(chart.y, y)) }));
  const all = lines.flatMap(({ points }) => points);
  const x = scaleOf(chart.x, all.map(([value]) => value), [area.left, area.right], most.x);
  const y = scaleOf(chart.y, all.map(([, value]) => value), [area.bottom, area.top], most.y);
  const drawn = lines.toSorted((one, other) => rank(one) - rank(other)).map((one) => drawnLine(one, x, y, area));
  const body = all.length === 0 ? emptyText(area, chart.empty) : [...drawn, keyOf(lines, area)].join('\n');
  return framed(chart, `${axesOf(area, { ...x, title: chart.x.title }, { ...y, title: chart.y.title })}\n${body}`);
}

/** References lie below the data. */
function rank({ role }: Line): number {
  return role === 'reference' ? 0 : 1;
}

function drawnLine({ role, points, filled = false, dotted = false }: Line, x: Scale, y: Scale, { bottom }: Area): string {
  if (points.length === 0) return '';
  const places = points.map(([across, up]): [number, number] => [x.at(across), y.at(up)]);
  const below = filled ? areaBelow().digits(1).y0(bottom)(places) : null;
  const dots = dotted || points.length === 1 ? places : [];
  return [
    ...(below === null ? [] : [`<path class="chart-fill" d="${below}"/>`]),
    `<path class="chart-line chart-${role}" fill="none" d="${line().digits(1)(places)}"/>`,
    ...dots.map(([left, top]) => `<circle class="chart-dot" cx="${coordinate(left)}" cy="${coordinate(top)}" r="3"/>`),
  ].join('\n');
}

/** The names of the lines above the area, where there is more than one. */
function keyOf(lines: readonly Line[], { left, right, top }: Area): string {
  if (lines.length < 2) return '';
  const width = lines.reduce((sum, { name }) => sum + KEY.stroke + 6 + name.length * KEY.character + KEY.gap, -KEY.gap);
  // On a phone it may begin above the labels of the axis.
  let at = Math.max(0, Math.min(left, right - width));
  const entries = lines.map(({ name, role }) => {
    const stroke = `<line class="chart-line chart-${role}" x1="${coordinate(at)}" x2="${coordinate(at + KEY.stroke)}" y1="${top - 16}" y2="${top - 16}"/>`;
    const text = `<text class="chart-key" x="${coordinate(at + KEY.stroke + 6)}" y="${top - 16}" dy="0.32em">${escaped(name)}</text>`;
    at += KEY.stroke + 6 + name.length * KEY.character + KEY.gap;
    return stroke + text;
  });
  return `<g class="chart-keys">${entries.join('')}</g>`;
}
