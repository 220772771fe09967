import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { equalBins, histogram } from '../../../../monitor/chart/histogram.ts';
import { lineChart, type Place } from '../../../../monitor/chart/line-chart.ts';
import { rateChart, rateSentence } from '../../../../monitor/chart/rate-chart.ts';
import { alignmentChart, alignmentSentence, errorChart, errorSentence } from '../../../../monitor/chart/svd-block-charts.ts';
import type { SvdBlockPlots } from '../../../../monitor/snapshot.ts';
import { pictureOf } from './pictures.ts';

const SIZE = { id: 'it', width: 480, height: 260 };
const GOLDEN = join(import.meta.dirname, 'golden');
const PLOTS: SvdBlockPlots = {
  alignments: { from: 0.8, to: 1, counts: [0, 3, 12, 25, 10] },
  error: [1, 2, 5, 10, 50].map((rows) => ({ rows, error: 0.4 / Math.sqrt(rows) })),
  single: { mean: 0.4 },
};
const TEXT = { ...SIZE, title: 'Title', description: 'Said.', empty: 'nothing yet' };

const lined = (points: readonly Place[], kind: 'linear' | 'log' = 'linear'): string =>
  lineChart({ ...TEXT, x: { title: 'x', kind }, y: { title: 'y', kind }, lines: [{ name: 'a', role: 'data', dotted: true, points }] });

const circles = (svg: string): number => svg.match(/<circle /g)?.length ?? 0;

// Recorded by hand from what was looked at in a browser; to record again, write the chart's text to the file and look.
test.each([
  ['error.svg', () => errorChart(PLOTS, SIZE)],
  ['alignments.svg', () => alignmentChart(PLOTS, SIZE)],
])('the chart %s is drawn as it was looked at', (file, draw) => {
  expect(`${draw()}\n`).toBe(readFileSync(join(GOLDEN, file), 'utf8'));
});

test('whatever the data, all that is drawn lies within the picture', () => {
  const widths = [280, 480, 1200];
  const data: (readonly Place[])[] = [[], [[3, 3]], [[0, 0], [1, -5], [2, 1e9]], [[1e-9, 1e-300], [1, 1e300]], Array.from({ length: 600 }, (_, i): Place => [i, Math.sin(i)])];
  for (const width of widths) {
    for (const points of data) {
      for (const kind of ['linear', 'log'] as const) {
        const picture = pictureOf(lineChart({ ...TEXT, width, x: { title: 'x', kind }, y: { title: 'y', kind }, lines: [{ name: 'a', role: 'data', filled: true, points }] }));
        expect(picture.places.filter(([x, y]) => x < 0 || y < 0 || x > width || y > SIZE.height)).toEqual([]);
      }
    }
  }
});

test('what has no place on a log axis is left out, and NaN everywhere', () => {
  const points: Place[] = [[0, 1], [-1, 1], [1, 0], [1, 1], [10, 0.1], [Number.NaN, 1], [2, Infinity]];
  expect(circles(lined(points, 'log'))).toBe(2);
  expect(circles(lined(points))).toBe(5);
});

test('a line of slope -1/2 on log axes is straight: its places lie on one line', () => {
  const picture = pictureOf(lineChart({ ...TEXT, x: { title: 'n', kind: 'log' }, y: { title: 'e', kind: 'log' }, lines: [{ name: 'a', role: 'data', points: [1, 3, 10, 40, 100].map((n): Place => [n, 1 / Math.sqrt(n)]) }] }));
  const vertices = picture.places.slice(-5);
  const [first = [0, 0], last = [0, 0]] = [vertices[0], vertices.at(-1)];
  const slope = (last[1] - first[1]) / (last[0] - first[0]);
  // Coordinates are rounded to a tenth.
  for (const [x, y] of vertices) expect(Math.abs(first[1] + slope * (x - first[0]) - y)).toBeLessThan(0.2);
  expect(slope).toBeGreaterThan(0);
});

test('bars are as high as their counts, side by side', () => {
  const svg = histogram({ ...TEXT, x: { title: 'x' }, counted: 'rows', bins: equalBins(0, 4, [1, 2, 0, 4]) });
  const heights = [...svg.matchAll(/<rect [^>]*height="([^"]+)"/g)].map(([, height]) => Number(height));
  expect(heights).toHaveLength(3);
  expect((heights[1] ?? 0) / (heights[0] ?? 1)).toBeCloseTo(2, 1);
  expect((heights[2] ?? 0) / (heights[0] ?? 1)).toBeCloseTo(4, 1);
  pictureOf(svg);
});

test('without data a chart says so, and has its axes', () => {
  for (const svg of [lined([]), errorChart({ ...PLOTS, error: [] }, SIZE), alignmentChart({ ...PLOTS, alignments: { from: 0, to: 1, counts: [0, 0] } }, SIZE), rateChart([], SIZE)]) {
    expect(pictureOf(svg).texts.some((text) => /^(nothing|no rows)/.test(text))).toBe(true);
  }
});

test('a chart has a name and a description, no style and no script, and texts are escaped', () => {
  const evil = '<script>alert("&")</script>';
  const svg = lineChart({ ...TEXT, title: evil, description: evil, x: { title: evil }, y: { title: evil }, lines: [{ name: evil, role: 'data', points: [[1, 1]] }, { name: evil, role: 'reference', points: [[1, 1]] }], empty: evil });
  expect(svg).not.toMatch(/<script|style=|<style|alert\("/);
  expect(svg).toContain('aria-labelledby="it-title it-desc"');
  expect(svg).toContain('<title id="it-title">&lt;script&gt;');
  pictureOf(svg);
});

test('sentences say what a chart shows, also of one row and of none', () => {
  expect(errorSentence(PLOTS)).toBe("With 50 rows the error is 0.0566, 7.07 times smaller than a single block's mean of 0.4.");
  expect(errorSentence({ ...PLOTS, error: [{ rows: 1, error: 0 }] })).toBe('With 1 row the error is 0.');
  expect(errorSentence({ ...PLOTS, error: [] })).toBe('There are no rows yet.');
  expect(alignmentSentence(PLOTS)).toBe('50 rows; most alignments lie near 0.94.');
  expect(rateSentence([])).toBe('No point was settled yet.');
  expect(rateSentence([{ atMs: 0, settled: 0, perSecond: 4 }, { atMs: 1000, settled: 2, perSecond: 2 }])).toBe('2 points a second at the end of the line, 4 at most.');
});
