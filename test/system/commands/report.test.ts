import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fillDatabase } from '../harness/million.ts';
import { openWorkspace } from '../harness/workspace.ts';

const MODULE = `
export const name = 'walk';
export const version = '3';
export function run({ r }) {
  if (r === 2) throw new Error('<script>alert("no luck")</script>');
  return { square: r * r };
}
export function reduce(rows) {
  let sum = 0;
  for (const { square } of rows) sum += square;
  return { deep: { sum } };
}`;

/** A page without the one line that says when it was written. */
const timeless = (page: string): string => page.replace(/<footer>.*<\/footer>/, '');

test('a report tells of a run without a broker: answer, failure, versions, spec; and the same of the same database', async () => {
  await using workspace = openWorkspace('report');
  workspace.file('walk.mjs', MODULE);
  const spec = workspace.file('spec.json', { experiment: './walk.mjs', table_name: 'walk', params: [{ r: [0, 1, 2, 3] }] });
  await workspace.sluice('run', spec, '--attempts', '1').ended;
  expect(await workspace.json(['report', 'walk', '--svg'])).toEqual({ table: 'walk', points: 4, stored: 3, failed: 1, files: ['walk.html', 'walk-rows.svg', 'walk-seconds.svg'] });
  const page = readFileSync(join(workspace.folder, 'walk.html'), 'utf8');
  expect(page).toContain('All points settled: 3 of 4 points stored, 1 failed.');
  expect(page).toContain('<dt>deep.sum</dt><dd>10</dd>');
  expect(page).toContain('<td>&lt;script&gt;alert(&quot;no luck&quot;)&lt;/script&gt;</td><td>1</td>');
  expect(page).toContain('<td>3</td><td>3</td>');
  expect(page).not.toMatch(/<script|https?:(?!\/\/www\.w3\.org\/2000\/svg)/);
  expect(readFileSync(join(workspace.folder, 'walk-rows.svg'), 'utf8')).toContain('<style>');
  await workspace.json(['report', 'walk', '--to', 'again.html']);
  expect(timeless(readFileSync(join(workspace.folder, 'again.html'), 'utf8'))).toBe(timeless(page));
  expect(readdirSync(workspace.folder).filter((name) => name.endsWith('.part'))).toEqual([]);
});

test("a report on svd-block draws the error against 1/sqrt(n); one whose module is gone says why there is no answer", async () => {
  await using workspace = openWorkspace('report-blocks');
  await workspace.json(['run', 'svd-block', '--blocks', '12', '--nrow', '40', '--ncol', '30']);
  const { files } = await workspace.json(['report', 'svd_block', '--svg']);
  expect(files).toEqual(['svd_block.html', 'svd_block-error.svg', 'svd_block-alignments.svg', 'svd_block-rows.svg', 'svd_block-seconds.svg']);
  const error = readFileSync(join(workspace.folder, 'svd_block-error.svg'), 'utf8');
  // Of 12 rows: 1, 2, 3, 4, 6, 7, 10 and all.
  expect(error.match(/<circle /g)?.length).toBe(8);
  expect(error).toContain('chart-reference');
  expect(readFileSync(join(workspace.folder, 'svd_block.html'), 'utf8')).toMatch(/With 12 rows the error is 0\.\d+, \d/);
});

test('a report that cannot be written or made says so in one line, and leaves nothing', async () => {
  await using workspace = openWorkspace('report-faults');
  fillDatabase(workspace.data, 'walk', 10);
  const faults: [string[], RegExp][] = [
    [['walk', '--to', 'walk.pdf'], /^sluice: --to walk\.pdf: a report is a page; expected a name that ends in \.html\n$/],
    [['nothing'], /^sluice: the database has no table nothing; it has walk\n$/],
    [['walk', '--to', 'nowhere/walk.html'], /^sluice: cannot write nowhere\/walk\.html/],
  ];
  for (const [parameters, line] of faults) {
    const { code, stderr } = await workspace.sluice('report', ...parameters).ended;
    expect(stderr).toMatch(line);
    expect(code).not.toBe(0);
  }
  expect(readdirSync(workspace.folder).filter((name) => /html|part|pdf/.test(name))).toEqual([]);
  // The experiment's module is not there.
  await workspace.json(['report', 'walk']);
  expect(readFileSync(join(workspace.folder, 'walk.html'), 'utf8')).toContain('<p>None: /nowhere/experiment.ts: no such file');
});

test('a report on a million rows takes seconds, and no more memory than one on few', async () => {
  await using workspace = openWorkspace('report-million');
  fillDatabase(workspace.data, 'walk', 1_000_000);
  const startedMs = performance.now();
  // Rows that were held would not fit.
  const { code, stderr, stdout } = await workspace.sluiceWith({ NODE_OPTIONS: '--max-old-space-size=40' }, 'report', 'walk', '--json').ended;
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(JSON.parse(stdout)).toMatchObject({ points: 1_000_000, stored: 1_000_000 });
  expect(performance.now() - startedMs).toBeLessThan(30_000);
  expect(readFileSync(join(workspace.folder, 'walk.html'), 'utf8')).toContain('<td>node2</td><td>200,000</td>');
});
