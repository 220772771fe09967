import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openStore } from '../../../store/store.ts';
import { readTable, storedRows } from '../harness/table.ts';
import { until } from '../harness/until.ts';
import { openWorkspace } from '../harness/workspace.ts';
import { courseCsv, courseRow, writeCourseFile, writeEmsTable } from './course-files.ts';

const SMALL = ['--nrow', '6', '--ncol', '4'];
const seeds = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, index) => from + index);

/** The vectors of a table's rows by their seeds. */
function vectorsOf(data: string, table: string): Map<unknown, number[]> {
  const store = openStore(data);
  const vectors = new Map([...store.rows(table)].map(({ seed, ve }) => [seed, [...(ve as Float64Array)]]));
  store.close();
  return vectors;
}

describe('sluice gather', () => {
  test('takes 1,000 rows of 1,004 columns in ten files as the course wrote them, bit for bit, and a run computes only what is missing', async () => {
    await using space = openWorkspace('gather');
    const writings = [{ index: '' }, {}, { index: 'Unnamed: 0' }, { lineEnd: '\r\n', mark: true }];
    const files = seeds(0, 10).map((k) => writeCourseFile(space.folder, `out_${k}.csv`, seeds(100 * k, 100 * k + 100), 1000, 1000, writings[k % 4]));
    const gathered = await space.json(['gather', 'su_id_hw5', ...files]);
    expect(gathered).toMatchObject({ table: 'su_id_hw5', experiment: 'svd-block', files: 10, rows: 1000, stored: 1000, repeated: 0, badFiles: [] });
    const vectors = vectorsOf(space.data, 'su_id_hw5');
    expect([...vectors.keys()].sort((a, b) => Number(a) - Number(b))).toEqual(seeds(0, 1000));
    for (const seed of [0, 499, 999]) expect(vectors.get(seed)).toEqual(courseRow(seed, 1000).vector);
    expect(await space.json(['status', 'su_id_hw5'])).toMatchObject({ points: 0, stored: 1000, failed: 0, deadLetters: 0 });
    const run = await space.json(['run', 'svd-block', '--blocks', '1002', '--table', 'su_id_hw5']);
    expect(run).toMatchObject({ points: 1002, alreadyStored: 1000, computed: 2, failed: 0, reduce: { rows: 1002, ncol: 1000 } });
  });

  test('collapses rows that repeat, within a file, among files, with a turned vector, and with what is stored', async () => {
    await using space = openWorkspace('repeated');
    const turned = (seed: number) => {
      const { alignment, vector } = courseRow(seed, 4);
      return { seed, alignment: -alignment, vector: vector.map((component) => -component * (1 + 1e-12)) };
    };
    writeCourseFile(space.folder, 'a.csv', [1, 2, 2, 3, 1], 6, 4);
    writeFileSync(join(space.folder, 'b.csv'), courseCsv([turned(3), courseRow(4, 4)], 6));
    expect(await space.json(['gather', 't', 'a.csv', 'b.csv'])).toMatchObject({ rows: 7, stored: 4, repeated: 3, conflicts: { count: 0 } });
    expect(await space.json(['gather', 't', 'b.csv', 'a.csv'])).toMatchObject({ rows: 7, stored: 0, repeated: 7, conflicts: { count: 0 } });
    expect(readTable(space.data, 't')).toMatchObject({ rows: 4, distinctKeys: 4, deadLetters: 0 });
    expect(vectorsOf(space.data, 't').get(3)).toEqual(courseRow(3, 4).vector);
  });

  test('reports rows that conflict, by file and line, and the stored row stays', async () => {
    await using space = openWorkspace('conflict');
    const other = (seed: number) => ({ ...courseRow(seed, 4), alignment: 0.5 });
    writeCourseFile(space.folder, 'a.csv', [1, 2], 6, 4);
    writeFileSync(join(space.folder, 'b.csv'), courseCsv([courseRow(9, 4), other(2), courseRow(5, 4), other(5)], 6));
    await space.json(['gather', 't', 'a.csv']);
    const end = await space.sluice('gather', 't', 'b.csv', '--json').ended;
    expect(end.code).toBe(1);
    const places = [expect.stringMatching(/^b\.csv:3: v_alignment is 0\.5 and not 0\.9\d+$/), expect.stringMatching(/^b\.csv:5: v_alignment is 0\.5/)] as unknown[];
    expect(JSON.parse(end.stdout)).toMatchObject({ rows: 4, stored: 2, repeated: 0, conflicts: { count: 2, first: places } });
    expect(end.stderr).toMatch(/^sluice: b\.csv:3: v_alignment [^\n]*\nsluice: b\.csv:5: v_alignment [^\n]*\n$/);
    const spoken = await space.sluice('gather', 't', 'b.csv').ended;
    expect(spoken.stdout).toBe('t: 0 of 4 rows of 1 file stored, 2 were there already\n2 rows say something else than the table, whose rows stay\n');
    expect(readTable(space.data, 't')).toMatchObject({ rows: 4, distinctKeys: 4 });
  });

  test('leaves out a file with a bad line as a whole, and takes the others', async () => {
    await using space = openWorkspace('bad-line');
    writeCourseFile(space.folder, 'good.csv', [1, 2], 6, 4);
    writeFileSync(join(space.folder, 'bad.csv'), courseCsv([courseRow(3, 4), courseRow(4, 4)], 6).replace(/,4,4,[^,]*/, ',4,4,oops'));
    const end = await space.sluice('gather', 't', 'bad.csv', 'good.csv', '--json').ended;
    expect(end.code).toBe(1);
    expect(end.stderr).toBe('sluice: bad.csv:3: column "v_alignment": expected a number as in line 2, found "oops"; nothing of this file was taken\n');
    expect(JSON.parse(end.stdout)).toMatchObject({ files: 2, rows: 2, stored: 2 });
    expect([...vectorsOf(space.data, 't').keys()]).toEqual([1, 2]);
    expect(readdirSync(join(space.data, 'spool'))).toEqual([]);
  });

  test('takes in what our own export wrote, of a module with parameters that its spec names', async () => {
    await using space = openWorkspace('round-trip');
    space.file('odd.mjs', `export const name = 'odd';
export const version = '1';
export const run = ({ a, b }) => ({ third: a / 3, big: 1e20, nan: NaN, text: 'say "a, b"', yes: a > 1, none: null, v: Float64Array.of(a, NaN, a / 7), long: new Float64Array(1995).fill(a / 9) });
`);
    const spec = { experiment: './odd.mjs', params: [{ b: ['y', 'x'], a: [2, 1, 2.5] }], table_name: 'odd' };
    space.file('spec.json', spec);
    await space.json(['run', 'spec.json']);
    await space.json(['export', 'odd', '--to', 'odd.csv']);
    expect(await space.json(['gather', 'copy', 'odd.csv', '--experiment', 'spec.json', '--allow-missing'])).toMatchObject({ experiment: 'odd', rows: 6, stored: 6 });
    await space.json(['export', 'copy', '--to', 'copy.csv']);
    const lines = (file: string): string[] => readFileSync(join(space.folder, file), 'utf8').split('\n').sort();
    // Compared as a whole: a difference of two thousand numbers is nothing to print.
    expect(lines('copy.csv').join() === lines('odd.csv').join()).toBe(true);
    // The table knows by now whose rows it has, and which columns are parameters.
    expect(await space.json(['gather', 'odd', 'copy.csv', '--allow-missing'])).toMatchObject({ rows: 6, stored: 0, repeated: 6, conflicts: { count: 0 } });
    space.file('more.json', { ...spec, params: [{ b: ['y', 'x'], a: [2, 1, 2.5, 3] }] });
    expect(await space.json(['run', 'more.json', '--table', 'copy'])).toMatchObject({ points: 8, alreadyStored: 6, computed: 2 });
  });

  test('uses the sink of `up` where one runs, and its rows are in the table when it ends', async () => {
    await using space = openWorkspace('gather-up');
    const up = space.sluice('up');
    await until('up has a sink', () => up.stderr.includes('sink commits rows'));
    const file = writeCourseFile(space.folder, 'a.csv', seeds(0, 20), 6, 4);
    expect(await space.json(['gather', 't', file])).toMatchObject({ rows: 20, stored: 20 });
    expect(storedRows(space.data, 't')).toBe(20);
    await up.end('SIGTERM');
    expect(readdirSync(join(space.data, 'spool'))).toEqual([]);
  });

  test('that is killed in the middle of a file has brought nothing of it; the same again brings all and clears up', async () => {
    await using space = openWorkspace('gather-killed');
    const file = writeCourseFile(space.folder, 'a.csv', seeds(0, 8000), 6, 40);
    const spooled = (): string[] => readdirSync(join(space.data, 'spool'));
    const gather = space.sluice('gather', 't', file);
    await until('a part of it is staged', () => spooled().some((name) => name.endsWith('.part')));
    await gather.end('SIGKILL');
    expect(spooled().every((name) => name.endsWith('.part'))).toBe(true);
    expect(storedRows(space.data, 't')).toBe(0);
    expect(await space.json(['gather', 't', file])).toMatchObject({ rows: 8000, stored: 8000 });
    expect(spooled()).toEqual([]);
  });

  test('that is interrupted leaves nothing of the file that it was reading, and says so', async () => {
    await using space = openWorkspace('gather-interrupted');
    const file = writeCourseFile(space.folder, 'a.csv', seeds(0, 8000), 6, 40);
    const gather = space.sluice('gather', 't', file);
    await until('a part of it is staged', () => readdirSync(join(space.data, 'spool')).length > 0);
    const end = await gather.end('SIGINT');
    expect(end).toMatchObject({ code: null, signal: 'SIGINT' });
    expect(end.stdout).toMatch(/interrupted: the same command goes on\n$/);
    expect(readdirSync(join(space.data, 'spool'))).toEqual([]);
    expect(storedRows(space.data, 't')).toBe(0);
  });
});

describe('sluice gather --ems', () => {
  test('takes over a table of EMS, read-only, its index left out, and a run continues where EMS stopped', async () => {
    await using space = openWorkspace('ems');
    const database = join(space.folder, 'EMS.db3');
    writeEmsTable(database, 'su_id_hw5', seeds(0, 250), 6, 4);
    writeEmsTable(database, 'other', [7], 6, 4);
    const before = [readFileSync(database).toString('base64'), statSync(database).mtimeMs];
    expect(await space.json(['gather', 'su_id_hw5', '--ems', 'EMS.db3'])).toMatchObject({ rows: 250, stored: 250, repeated: 0 });
    expect(await space.json(['gather', 'mine', '--ems', 'EMS.db3', '--from', 'other'])).toMatchObject({ rows: 1, stored: 1 });
    expect([readFileSync(database).toString('base64'), statSync(database).mtimeMs]).toEqual(before);
    expect(readdirSync(space.folder).filter((name) => name.startsWith('EMS'))).toEqual(['EMS.db3']);
    expect(vectorsOf(space.data, 'su_id_hw5').get(249)).toEqual(courseRow(249, 4).vector);
    const run = await space.json(['run', 'svd-block', '--blocks', '300', ...SMALL, '--table', 'su_id_hw5']);
    expect(run).toMatchObject({ points: 300, alreadyStored: 250, computed: 50, failed: 0 });
  });
});
