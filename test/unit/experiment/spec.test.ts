import { describe, expect, test } from 'vitest';
import { planOf } from '../../../experiment/plan.ts';
import { canonicalSpec, parseSpec } from '../../../experiment/spec.ts';
import type { SpecSource } from '../../../experiment/spec.ts';

const here: SpecSource = { directory: '/home/me/project' };
const grid = { nrow: [1000], seed: { range: [0, 1000] } };

function parse(value: unknown, source: SpecSource = here) {
  return parseSpec(value, source);
}

function pointsOf(value: unknown) {
  const plan = planOf([parse(value)]);
  return Array.from({ length: plan.size }, (_, index) => plan.pointAt(index)).filter(
    (point) => point !== undefined,
  );
}

describe("a spec in EMS's form", () => {
  test('has its grids under params, its table under table_name', () => {
    const spec = parse({ table_name: 'su_id_hw5', params: [grid], stop_list: [{ nrow: 1000, seed: 3 }] });
    expect(spec.table).toBe('su_id_hw5');
    expect(spec.experiment).toEqual({ kind: 'builtin', name: 'svd-block' });
    expect(spec.stopList).toEqual([{ nrow: 1000, seed: 3 }]);
    expect(spec.warnings).toEqual([]);
    expect(planOf([spec]).count()).toBe(999);
  });

  test('may call them multi_res', () => {
    expect(
      pointsOf({
        multi_res: [
          { m: [1], n: [2] },
          { m: [3], n: [4] },
        ],
      }),
    ).toEqual([
      { m: 1, n: 2 },
      { m: 3, n: 4 },
    ]);
  });

  test('may have one grid under parameters', () => {
    const parameters = { m: [50], n: [1275, 2550, 3825], c4: [0.25, 0.5], q_type: [21], d_type: [3] };
    const points = pointsOf({ table_name: 'milestones_0003', parameters });
    expect(points).toHaveLength(6);
    expect(points[1]).toEqual({ m: 50, n: 1275, c4: 0.5, q_type: 21, d_type: 3 });
  });

  test('takes null for absent, as Python writes None', () => {
    expect(
      pointsOf({
        table_name: null,
        params: null,
        multi_res: null,
        parameters: { m: [1] },
        stop_list: null,
        experiment: null,
      }),
    ).toEqual([{ m: 1 }]);
  });

  test('may have an empty stop list', () => {
    expect(pointsOf({ params: [{ m: [1, 2] }], stop_list: [] })).toHaveLength(2);
  });

  test('collapses equal points of its grids', () => {
    expect(pointsOf({ params: [{ m: [1, 2] }, { m: [2, 3, 3.0] }] })).toEqual([{ m: 1 }, { m: 2 }, { m: 3 }]);
  });
});

describe('the experiment of a spec', () => {
  test.each([
    ['svd-block', { kind: 'builtin', name: 'svd-block' }],
    ['./mine.ts', { kind: 'module', path: '/home/me/project/mine.ts' }],
    ['mine.mjs', { kind: 'module', path: '/home/me/project/mine.mjs' }],
    ['../other/mine.js', { kind: 'module', path: '/home/me/other/mine.js' }],
    ['/opt/mine.mts', { kind: 'module', path: '/opt/mine.mts' }],
  ])('%j is %j', (experiment, reference) => {
    expect(parse({ experiment, params: [grid] }).experiment).toEqual(reference);
  });

  test("may be a program, which starts in the spec's folder and may take a day for a point", () => {
    const experiment = { command: ['python3', 'f.py'], name: 'walk', version: '1' };
    expect(parse({ experiment, params: [grid] }).experiment).toEqual({
      ...experiment,
      kind: 'program',
      directory: '/home/me/project',
      timeoutSeconds: 86_400,
    });
  });

  test('may say where a program starts and how long a point takes', () => {
    const experiment = { command: ['./f'], name: 'f', version: '2', directory: 'bin', timeoutSeconds: 1.5 };
    expect(parse({ experiment, params: [grid] }).experiment).toMatchObject({
      directory: '/home/me/project/bin',
      timeoutSeconds: 1.5,
    });
  });

  test("is the caller's where the spec names none, else svd-block", () => {
    expect(parse({ params: [grid] }, { ...here, experiment: './a.ts' }).experiment).toEqual({
      kind: 'module',
      path: '/home/me/project/a.ts',
    });
    expect(parse({ params: [grid] }).experiment).toEqual({ kind: 'builtin', name: 'svd-block' });
  });

  test('may be said twice, not in two ways', () => {
    const twice = parse({ experiment: './a.ts', params: [grid] }, { ...here, experiment: 'a.ts' });
    expect(twice.experiment).toEqual({ kind: 'module', path: '/home/me/project/a.ts' });
    expect(() =>
      parse({ experiment: './a.ts', params: [grid] }, { ...here, experiment: 'svd-block' }),
    ).toThrow(
      /the spec's experiment is "\.\/a\.ts", and "svd-block" was asked for beside it; leave one of them out/,
    );
  });

  test.each([
    ['', /experiment: expected the name of a built-in/],
    [3, /experiment: expected.*found 3/],
    [['svd-block'], /experiment: expected.*found \["svd-block"\]/],
    ['./f.py', /a module is a file that ends in .ts.*\{"command": \["python3", "f\.py"\]/],
    ['f.py', /"command": \["python3", "f\.py"\]/],
    [{ command: ['a'] }, /experiment: a program needs "name"/],
    [{ command: ['a'], name: 'a' }, /experiment: a program needs "version"/],
    [{ name: 'a', version: '1' }, /experiment: a program needs "command"/],
    [
      { command: 'python3 f.py', name: 'a', version: '1' },
      /experiment\.command: is a list of texts.*found "python3 f\.py"/,
    ],
    [{ command: [], name: 'a', version: '1' }, /experiment\.command: cannot be empty, found \[\]/],
    [{ command: ['a'], name: '', version: '1' }, /experiment\.name: cannot be empty/],
    [{ command: ['a'], name: 'a', version: 1 }, /experiment\.version: .*found 1/],
    [
      { command: ['a'], name: 'a', version: '1', timeoutSeconds: 0 },
      /timeoutSeconds: is a number of seconds above 0, found 0/,
    ],
    [{ command: ['a'], name: 'a', version: '1', timeout: 5 }, /unknown key "timeout"; a program has command/],
  ])('%j is refused with a clear message', (experiment, message) => {
    expect(() => parse({ experiment, params: [grid] })).toThrow(message);
  });
});

describe('the table of a spec', () => {
  test("is the caller's before the spec's", () => {
    expect(parse({ table_name: 'a', params: [grid] }, { ...here, table: 'b' }).table).toBe('b');
    expect(parse({ params: [grid] }).table).toBeUndefined();
  });

  test.each([
    ['', /table_name: /],
    ['a b', /a table name is a letter followed by/],
    ['x; DROP TABLE y', /a letter followed by/],
    ['../../etc/passwd', /a letter followed by/],
    ['sluice_rows', /reserved/],
    ['SQLite_master', /reserved/],
    ['1st', /a letter followed by/],
    ['x'.repeat(65), /at most 64 characters/],
    [5, /a table name is a text, found 5/],
    ['a"b', /a letter followed by/],
    ['tab\u0000le', /a letter followed by/],
  ])('%j is refused with a clear message', (name, message) => {
    expect(() => parse({ table_name: name, params: [grid] })).toThrow(message);
    if (typeof name === 'string') expect(() => parse({ params: [grid] }, { ...here, table: name })).toThrow();
  });

  test('given by the caller is refused with its name', () => {
    expect(() => parse({ params: [grid] }, { ...here, table: 'a-b' })).toThrow(
      /table name "a-b": a table name is a letter/,
    );
  });
});

describe('a bad spec', () => {
  test.each([
    [null, /a spec is a JSON object such as .*found null/],
    [[grid], /a spec is a JSON object/],
    ['x', /found "x"/],
    [{}, /a spec needs one of "params" or "multi_res".*or "parameters"/],
    [{ table_name: 'a' }, /a spec needs one of .*found \["table_name"\]/],
    [{ params: [grid], parameters: grid }, /found "params" and "parameters"; put all grids into one list/],
    [{ params: [grid], multi_res: [grid] }, /found "params" and "multi_res"/],
    [{ params: [] }, /params: the list is empty; give at least one grid/],
    [{ multi_res: [] }, /multi_res: the list is empty/],
    [{ params: grid }, /params: expected a list of grids.*one grid alone goes under "parameters"/],
    [{ params: 'seed' }, /params: expected a list of grids, found "seed"/],
    [{ parameters: [grid] }, /parameters: expected one grid.*a list of grids goes under "params"/],
    [{ parameters: 5 }, /parameters: a grid is an object.*found 5/],
    [{ parameters: {} }, /parameters: the grid is empty/],
    [{ params: [grid, {}] }, /params\[1\]: the grid is empty/],
    [{ params: [{ nrow: [] }] }, /params\[0\]\.nrow: the list is empty/],
    [{ params: [{ nrow: { rnage: [1, 2] } }] }, /params\[0\]\.nrow: expected a list of values/],
    [{ params: [grid], stop_list: { seed: 3 } }, /stop_list: expected a list of points/],
    [{ params: [grid], stop_list: [3] }, /stop_list\[0\]: expected an object/],
    [
      { params: [grid], stop_list: [{ seed: 1 }, {}] },
      /stop_list\[1\]: expected an object with the values of one or more/,
    ],
    [
      { params: [grid], stop_list: [{ seed: [1, 2] }] },
      /stop_list\[0\]\.seed: expected one value.*one entry for each value/,
    ],
    [{ params: [{ seed: { range: [0, 6e6] } }, { seed: { range: [0, 6e6] } }] }, /params: 12,000,000 points/],
  ])('%j is refused with one clear line and exit code 2', (value, message) => {
    expect(() => parse(value)).toThrow(message);
    expect(() => parse(value)).toThrow(
      expect.objectContaining({ exitCode: 2, message: expect.not.stringContaining('\n') }),
    );
  });
});

describe('the warnings of a spec', () => {
  test('name unknown keys and the nearest known ones', () => {
    expect(parse({ params: [grid], tabel_name: 'a', stoplist: [], colour: 1 }).warnings).toEqual([
      'unknown key "tabel_name" in the spec is ignored (did you mean "table_name"?)',
      'unknown key "stoplist" in the spec is ignored (did you mean "stop_list"?)',
      'unknown key "colour" in the spec is ignored',
    ]);
  });

  test('name stop entries that no grid can match', () => {
    expect(parse({ params: [grid], stop_list: [{ seed: 1 }, { sed: 1 }] }).warnings).toEqual([
      '1 of 2 stop_list entries name parameters that no grid has, and take out nothing: {"sed":1}',
    ]);
  });
});

describe('canonicalSpec', () => {
  const full = {
    experiment: './mine.ts',
    table_name: 'a',
    comment: 'x',
    multi_res: [
      { m: [1, 1, -0], n: 'full' },
      { n: { range: [0, 4] }, m: { linspace: [0, 1, 3] } },
    ],
    stop_list: [
      { m: -0, n: 3 },
      { n: 3, m: 0 },
    ],
  };

  test('parses again, from another folder, to the same experiment, points and text', () => {
    const spec = parse(full);
    const text = canonicalSpec(spec);
    const again = parse(JSON.parse(text), { directory: '/elsewhere' });
    expect(again.experiment).toEqual({ kind: 'module', path: '/home/me/project/mine.ts' });
    expect(canonicalSpec(again)).toBe(text);
    expect(pointsOf(JSON.parse(text))).toEqual(pointsOf(full));
  });

  test('keeps ranges as ranges', () => {
    const text = canonicalSpec(parse({ params: [{ seed: { range: [0, 1_000_000] } }] }));
    expect(text).toBe('{"experiment":"svd-block","params":[{"seed":{"range":[0,1000000,1]}}]}');
  });

  test('is the same for specs that say the same', () => {
    const one = { parameters: { seed: [0, 1] }, stop_list: null };
    const other = { params: [{ seed: [0, 1.0, 1] }], experiment: 'svd-block', table_name: 'x' };
    expect(canonicalSpec(parse(one))).toBe(canonicalSpec(parse(other)));
  });

  test('keeps a program with its folder', () => {
    const spec = parse({ experiment: { command: ['./f'], name: 'f', version: '1' }, params: [grid] });
    expect(parse(JSON.parse(canonicalSpec(spec)), { directory: '/elsewhere' }).experiment).toEqual(
      spec.experiment,
    );
  });
});
