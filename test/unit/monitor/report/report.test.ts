import { expect, test } from 'vitest';
import type { ReportFacts } from '../../../../monitor/report/facts.ts';
import { originOf } from '../../../../monitor/report/origin.ts';
import { plotsOf, standAlone } from '../../../../monitor/report/plots.ts';
import { reportPage } from '../../../../monitor/report/report.ts';
import { readStyles } from '../../../../monitor/report/styles.ts';

const EVIL = '<script>alert("it")</script><img src=http://elsewhere/x onerror=alert(1)>';

const facts = (change: Partial<ReportFacts> = {}): ReportFacts => ({
  sluice: '0.1.0', writtenAtMs: 1e12, points: 10, stored: 0, failed: 0, deadLetters: 0, origin: originOf([]), failures: [], plots: null, answer: 'there are no rows yet',
  table: { name: 'walk', experiment: 'walk', version: '1', definition: { kind: 'builtin', name: 'walk', version: '1' }, createdAtMs: 1e12, specs: ['{"params":[{"r":[1,2]}]}'], columns: [] },
  ...change,
});

const EVIL_FACTS = facts({
  failed: 3,
  failures: [{ message: EVIL, count: 3 }],
  answer: [[EVIL, EVIL]],
  table: { ...facts().table, experiment: EVIL, version: EVIL, specs: [EVIL], definition: { kind: 'program', name: EVIL, version: EVIL, command: [EVIL], directory: '/', timeoutSeconds: 1 } },
  origin: originOf([{ key: 'p', rowId: 1, version: EVIL, consumer: `${EVIL}:1`, attempt: 1, seconds: 1, finishedAtMs: 1e12, committedAtMs: 1e12, notes: {} }]),
});

test('what others wrote is only read, wherever it stands in a report', () => {
  const page = reportPage(EVIL_FACTS, '');
  expect(page).not.toMatch(/<script|<img/);
  expect(page.match(/&lt;script&gt;/g)?.length).toBeGreaterThan(8);
});

test('a report asks for nothing from elsewhere', () => {
  const page = reportPage(facts({ plots: { alignments: { from: 0, to: 1, counts: [1] }, error: [{ rows: 1, error: 0.5 }], single: { mean: 0.5 } } }), readStyles().report);
  expect(page.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|src=|href=|@import|url\(/);
});

test('the same facts give the same bytes, but for the line that says when', () => {
  const [one, other] = [facts(), facts({ writtenAtMs: 2e12 })].map((some) => reportPage(some, '').split('\n')) as [string[], string[]];
  expect(one.filter((line, index) => line !== other[index])).toEqual(['<footer>Written 2001-09-09 01:46:40 UTC by Sluice 0.1.0.</footer>']);
});

test('a report says how the table stands', () => {
  expect(reportPage(facts(), '')).toContain('Not complete: 0 of 10 points stored, 0 failed.');
  expect(reportPage(facts({ stored: 10 }), '')).toContain('Complete: 10 of 10 points stored, 0 failed.');
  expect(reportPage(facts({ stored: 8, failed: 2 }), '')).toContain('All points settled: 8 of 10 points stored, 2 failed.');
  expect(reportPage(facts({ stored: 8, table: { ...facts().table, specs: [] } }), '')).toContain('8 rows; no point is planned.');
});

test('a plot stands alone with the styles of charts', () => {
  const styles = readStyles().charts;
  for (const plot of plotsOf(EVIL_FACTS)) {
    const file = standAlone(plot, styles);
    expect(file).toMatch(/^<\?xml version="1.0" encoding="UTF-8"\?>\n<svg xmlns="http:\/\/www.w3.org\/2000\/svg"/);
    expect(file.match(/<style>/g)).toHaveLength(1);
    expect(file).not.toMatch(/<script|style=/);
  }
});
