import { escaped } from './escaped.ts';
import type { Scale } from './scale.ts';

/** What every chart is told. */
export interface ChartText {
  /** Unique in the page: the chart's title and description are known by it. */
  readonly id: string;
  readonly title: string;
  /** One sentence that says what the chart shows, for who does not see it. */
  readonly description: string;
  /** Size in pixels, or in units of the viewBox where the chart stands in a file. */
  readonly width: number;
  readonly height: number;
}

/** The corners of the area that the data are drawn in. */
export interface Area {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Room for tick labels and axis titles, and for the key of the lines above. */
const MARGIN = { left: 58, right: 16, top: 26, bottom: 46 };

/** Pixels that a label needs beside its neighbour. */
const TICK_ROOM = { x: 80, y: 44 };

/** Width of a character of a label, in pixels: a long label at the right end is moved so that it stays within the picture. */
const CHARACTER = 7;

/** The area of a chart of this size. */
export function areaOf({ width, height }: Pick<ChartText, 'width' | 'height'>): Area {
  return { left: MARGIN.left, right: Math.max(width - MARGIN.right, MARGIN.left + 1), top: MARGIN.top, bottom: Math.max(height - MARGIN.bottom, MARGIN.top + 1) };
}

/** How many ticks the axes of `area` have room for. */
export function tickRoom({ left, right, top, bottom }: Area): { readonly x: number; readonly y: number } {
  return { x: Math.max(2, Math.floor((right - left) / TICK_ROOM.x)), y: Math.max(2, Math.floor((bottom - top) / TICK_ROOM.y)) };
}

/** A coordinate to a tenth of a pixel: equal data give equal text. */
export function coordinate(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** The whole picture as SVG text: what `body` draws between the axes, named for those who do not see it; no styles in it. */
export function framed(text: ChartText, body: string): string {
  const { id, title, description, width, height } = text;
  const name = escaped(id);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="chart" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${name}-title ${name}-desc">`,
    `<title id="${name}-title">${escaped(title)}</title>`,
    `<desc id="${name}-desc">${escaped(description)}</desc>`,
    body,
    '</svg>',
  ].join('\n');
}

/** Grid lines, tick labels and titles of both axes. */
export function axesOf(area: Area, x: Scale & { readonly title: string }, y: Scale & { readonly title: string }): string {
  const { left, right, top, bottom } = area;
  const middle = coordinate((top + bottom) / 2);
  return [
    '<g class="chart-axes">',
    ...y.ticks.map(({ at, label }) => {
      const height = coordinate(at);
      return `<line class="chart-grid" x1="${left}" x2="${right}" y1="${height}" y2="${height}"/><text class="chart-tick" x="${left - 8}" y="${height}" dy="0.32em" text-anchor="end">${label}</text>`;
    }),
    `<line class="chart-base" x1="${left}" x2="${right}" y1="${bottom}" y2="${bottom}"/>`,
    ...x.ticks.map(({ at, label }) => `<line class="chart-base" x1="${coordinate(at)}" x2="${coordinate(at)}" y1="${bottom}" y2="${bottom + 4}"/><text class="chart-tick" x="${coordinate(Math.min(at, right + MARGIN.right - (label.length * CHARACTER) / 2))}" y="${bottom + 18}" text-anchor="middle">${label}</text>`),
    `<text class="chart-axis-title" x="${coordinate((left + right) / 2)}" y="${bottom + 38}" text-anchor="middle">${escaped(x.title)}</text>`,
    `<text class="chart-axis-title" x="12" y="${middle}" transform="rotate(-90 12 ${middle})" text-anchor="middle">${escaped(y.title)}</text>`,
    '</g>',
  ].join('\n');
}

/** What the chart says where it has no data. */
export function emptyText({ left, right, top, bottom }: Area, text: string): string {
  return `<text class="chart-empty" x="${coordinate((left + right) / 2)}" y="${coordinate((top + bottom) / 2)}" text-anchor="middle">${escaped(text)}</text>`;
}
