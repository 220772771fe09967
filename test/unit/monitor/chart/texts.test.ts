import { expect, test } from 'vitest';
import { unitFor } from '../../../../monitor/chart/elapsed.ts';
import { escaped } from '../../../../monitor/chart/escaped.ts';
import { numberText } from '../../../../monitor/chart/number-text.ts';
import { scaleOf } from '../../../../monitor/chart/scale.ts';

test('numbers are written as a person reads them', () => {
  const texts: [number, string][] = [
    [0, '0'], [7, '7'], [1000, '1,000'], [1_234_567, '1,234,567'], [0.0104999, '0.0105'], [95.34, '95.3'], [1234.5, '1,230'], [-0.5, '−0.5'],
    [1e9, '10⁹'], [2.5e9, '2.5 × 10⁹'], [3.14159e-5, '3.14 × 10⁻⁵'], [1e-4, '10⁻⁴'], [Infinity, '∞'], [Number.NaN, 'not a number'],
  ];
  for (const [value, text] of texts) expect(numberText(value)).toBe(text);
});

test('what others wrote is only read: markup, quotes, control characters', () => {
  expect(escaped(`<a href="x" title='y'>&</a>`)).toBe('&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;&lt;/a&gt;');
  expect(escaped('a\u0000b\u001Bc\td\n')).toBe('a\uFFFDb\uFFFDc\td\n');
});

test('ticks of a log axis are powers of ten over many decades, 1, 2 and 5 over few', () => {
  const labels = (from: number, to: number): string[] => scaleOf({ title: '', kind: 'log' }, [from, to], [0, 400], 6).ticks.map(({ label }) => label);
  expect(labels(1, 1e5)).toEqual(['1', '10', '100', '1,000', '10,000', '100,000']);
  expect(labels(1, 90)).toEqual(['1', '2', '5', '10', '20', '50', '100']);
  expect(labels(0.4, 0.5).length).toBeGreaterThan(1);
  expect(labels(1, 1e40).length).toBeLessThan(10);
});

test('a scale keeps the order of values and the ends of its range', () => {
  for (const kind of ['linear', 'log'] as const) {
    const { at } = scaleOf({ title: '', kind, from: 0.5, to: 80 }, [], [10, 300], 5);
    expect([at(0.5), at(80)]).toEqual([10, 300]);
    expect(at(3)).toBeLessThan(at(4));
  }
});

test('a span of time is told in a unit that makes it a small number', () => {
  expect([1, 170, 200, 3 * 3600, 4 * 3600, 10 * 86_400].map((seconds) => unitFor(seconds).name)).toEqual(['s', 's', 'min', 'min', 'h', 'days']);
});
