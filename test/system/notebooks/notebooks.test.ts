import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { startFakeBigQuery } from '../../fake-bigquery/server.ts';
import { startCommand } from '../harness/command.ts';
import { PYTHON, hasPandas, hasRsqlite } from '../harness/peers.ts';
import { readTable } from '../harness/table.ts';
import { openWorkspace, type Workspace } from '../harness/workspace.ts';

const NOTEBOOKS = join(import.meta.dirname, '..', '..', '..', 'notebooks');
const BLOCKS = ['run', 'svd-block', '--blocks', '60', '--nrow', '300', '--ncol', '120', '--table', 'su_id_hw5'];

/** How far two programs' answers may lie apart, relative. */
const TOLERANCE = 1e-9;

interface Cell {
  readonly cell_type: string;
  readonly source: readonly string[];
  readonly outputs?: readonly unknown[];
}

function notebook(): readonly Cell[] {
  return (JSON.parse(readFileSync(join(NOTEBOOKS, 'reduce.ipynb'), 'utf8')) as { cells: Cell[] }).cells;
}

/** The answer of `sluice reduce`, with the names of nested numbers joined by dots. */
async function reduced(space: Workspace): Promise<Record<string, number>> {
  const { table: _, errorSingle, ...rest } = await space.json(['reduce', 'su_id_hw5']);
  const single = Object.entries(errorSingle as Record<string, number>).map(([name, value]) => [`errorSingle.${name}`, value]);
  return { ...(rest as Record<string, number>), ...Object.fromEntries(single) };
}

/** Expects that every number of `found`, of which there are enough, is that of `answer`. */
function expectSame(found: Readonly<Record<string, number>>, answer: Readonly<Record<string, number>>): void {
  expect(Object.keys(found)).toEqual(expect.arrayContaining(['rows', 'errorCombined', 'errorSingle.mean', 'improvement', 'sigma1']));
  for (const [name, value] of Object.entries(found)) {
    expect(Math.abs(value - (answer[name] ?? Number.NaN)), name).toBeLessThanOrEqual(TOLERANCE * Math.abs(value));
  }
}

async function printed(file: string, parameters: readonly string[], space: Workspace, environment: Record<string, string>): Promise<string> {
  const end = await startCommand(file, parameters, space.folder, { ...process.env, TABLE_NAME: 'su_id_hw5', ...environment }).ended;
  expect(end, end.stderr).toMatchObject({ code: 0 });
  return end.stdout;
}

test('the notebook holds no outputs', () => {
  for (const { outputs = [] } of notebook()) expect(outputs).toEqual([]);
});

const needsPandas = test.skipIf(!hasPandas() && process.env['CI'] === undefined);
const needsR = test.skipIf(!hasRsqlite());

describe('what analysts type', () => {
  let space: Workspace;
  let answer: Record<string, number>;

  beforeAll(async () => {
    space = openWorkspace('notebooks');
    await space.json(BLOCKS);
    answer = await reduced(space);
  });

  afterAll(async () => await space[Symbol.asyncDispose]());

  /** What the notebook's own steps, one after the other, print in the end: its numbers, and its frame's columns with their types. */
  async function notebookGives(environment: Record<string, string>): Promise<{ answer: Record<string, number>; columns: [string, string][] }> {
    const steps = notebook().filter(({ cell_type: type }) => type === 'code').map(({ source }) => source.join(''));
    const last = 'import json\nprint(json.dumps({"answer": {name: float(value) for name, value in answer.items()}, "columns": [[name, str(kind)] for name, kind in df.dtypes.items()]}))';
    const file = space.file('reduce.py', [...steps, last, ''].join('\n\n'));
    return JSON.parse(await printed(PYTHON, [file], space, environment)) as Awaited<ReturnType<typeof notebookGives>>;
  }

  needsPandas('in the notebook, gives on SQLite and on CSV the numbers of `sluice reduce` (needs apt-get install python3-pandas python3-scipy)', async () => {
    await space.json(['export', 'su_id_hw5', '--to', 'rows.csv']);
    for (const environment of [{ SLUICE_DATA: space.data }, { SLUICE_SOURCE: 'csv', SLUICE_CSV: 'rows.csv' }]) {
      expectSame((await notebookGives(environment)).answer, answer);
    }
  });

  needsPandas('in the notebook, gives them on BigQuery too: its query and columns on a FAKE of BigQuery, by a STAND-IN for pandas-gbq (needs apt-get install python3-pandas python3-scipy)', async () => {
    const fake = await startFakeBigQuery();
    onTestFinished(async () => await fake[Symbol.asyncDispose]());
    await space.json(['upload', 'su_id_hw5', '--bigquery', fake.projectId, '--bigquery-endpoint', fake.endpoint]);
    const standIn = { PYTHONPATH: join(import.meta.dirname, 'stand-in'), PYTHONDONTWRITEBYTECODE: '1', FAKE_BIGQUERY: fake.endpoint, GOOGLE_APPLICATION_CREDENTIALS: '' };
    const there = await notebookGives({ ...standIn, SLUICE_SOURCE: 'bigquery', SLUICE_BIGQUERY: fake.projectId });
    expectSame(there.answer, answer);
    expect(there.columns).toEqual((await notebookGives({ SLUICE_DATA: space.data })).columns);
    expect(fake.requests.filter(({ kind }) => kind === 'query' || kind === 'get-query-results').length).toBeGreaterThan(1);
  });

  needsPandas('of what pandas wrote, to_csv and to_sql, is gathered bit for bit (needs apt-get install python3-pandas)', async () => {
    const script = space.file('write.py', `import sqlite3, pandas
with sqlite3.connect("file:data/sluice.db3?mode=ro", uri=True) as connection:
    df = pandas.read_sql_query("SELECT * FROM su_id_hw5", connection)
df.to_csv("with.csv")
df.to_csv("without.csv", index=False)
pandas.read_csv("with.csv", float_precision="round_trip").to_csv("twice.csv")
with sqlite3.connect("EMS.db3") as connection:
    df.to_sql("ems", connection)
`);
    await printed(PYTHON, [script], space, {});
    const rowsOf = (table: string): string => JSON.stringify([...readTable(space.data, table).cells]);
    for (const [table, ...from] of [['t1', 'with.csv'], ['t2', 'without.csv'], ['t3', 'twice.csv'], ['t4', '--ems', 'EMS.db3', '--from', 'ems']] as const) {
      expect(await space.json(['gather', table, ...from])).toMatchObject({ rows: 60, stored: 60 });
      expect(rowsOf(table) === rowsOf('su_id_hw5'), table).toBe(true);
    }
  });

  needsR('in R, gives the numbers of `sluice reduce` (needs apt-get install r-base-core r-cran-rsqlite)', async () => {
    const lines = (await printed('Rscript', [join(NOTEBOOKS, 'reduce.R')], space, { SLUICE_DATA: space.data })).trim().split('\n');
    const found = Object.fromEntries(lines.map((line) => line.split(' ')).map(([name = '', value]) => [name, Number(value)]));
    expectSame(found, answer);
  });
});
