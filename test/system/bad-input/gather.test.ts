import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { courseCsv, courseRow, writeCourseFile, writeEmsTable } from '../gather/course-files.ts';
import { startCommand } from '../harness/command.ts';
import { processesIn, sendSignal } from '../harness/processes.ts';
import { readTable } from '../harness/table.ts';
import { openWorkspace } from '../harness/workspace.ts';
import { everythingIn, expectOneLine, expectRefusal } from './refusal.ts';

const GOOD = courseCsv([courseRow(1, 3), courseRow(2, 3)], 4);
const [HEADER = '', FIRST = '', SECOND = ''] = GOOD.split('\n');
const SQL = `x"; DROP TABLE t; --`;

/** Bytes of a line that no row has. */
const LONG_LINE_BYTES = 200 * 2 ** 20;

/** How much more memory the refusal of such a line may take than a command that does nothing. */
const LONG_LINE_MEMORY_BYTES = 150 * 2 ** 20;

const MODULE = `export const name = 'walk';\nexport const version = '1';\nexport const run = () => ({ y: 1 });\n`;

/** What is wrong with a command line, in a folder that has good.csv, walk.mjs, EMS.db3 (table theirs) and the folder sub. */
const MISTAKES: [title: string, line: string[], code: string, says: RegExp][] = [
  ['no files', ['t'], 'bad-option', /name CSV files to gather, or a database of EMS's with --ems FILE/],
  ['a file that is not there', ['t', 'good.csv', 'none.csv'], 'no-such-file', /none\.csv: no such file/],
  ['a pattern that no file fits', ['t', '*.csv'], 'no-such-file', /\*\.csv: no such file/],
  ['a folder', ['t', 'sub'], 'no-such-file', /sub: expected a CSV file, found a folder; name its files, as in sub\/\*\.csv/],
  ['a device', ['t', '/dev/null'], 'no-such-file', /\/dev\/null: expected a CSV file, found a pipe or a device/],
  ['SQL for a table', [SQL, 'good.csv'], 'bad-setting', /no value for it/],
  ['a table of ours', ['sluice_rows', 'good.csv'], 'bad-setting', /reserved/],
  ['an experiment that is not there', ['t', 'good.csv', '--experiment', 'svd-blok'], 'unknown-experiment', /did you mean "svd-block"\?/],
  ['a spec that is not there', ['t', 'good.csv', '--experiment', 'none.json'], 'no-such-spec', /none\.json: no such file/],
  ['a module whose parameters nobody names', ['t', 'good.csv', '--experiment', './walk.mjs'], 'which-parameters', /parameters of walk; name them with --parameters A,B/],
  ['parameters without names', ['t', 'good.csv', '--experiment', './walk.mjs', '--parameters', 'a,,b'], 'bad-option', /expected names of columns separated by commas/],
  ['files and a database together', ['t', 'good.csv', '--ems', 'EMS.db3'], 'bad-option', /found both --ems EMS\.db3 and good\.csv/],
  ['a table of no database', ['t', 'good.csv', '--from', 'theirs'], 'bad-option', /there is no --ems/],
  ['a database that is not there', ['t', '--ems', 'none.db3'], 'no-such-file', /none\.db3: no such file/],
  ['a folder for a database', ['t', '--ems', 'sub'], 'not-a-database', /sub: expected an SQLite database, found a folder/],
  ['a CSV file for a database', ['t', '--ems', 'good.csv'], 'not-a-database', /good\.csv is no SQLite database/],
  ['an empty file for a database', ['t', '--ems', 'empty'], 'no-table', /empty has no table "t"; it has none/],
  ['a database without the table', ['t', '--ems', 'EMS.db3'], 'no-table', /EMS\.db3 has no table "t"; it has more, theirs; name one with --from TABLE/],
  ['SQL for the table of a database', ['t', '--ems', 'EMS.db3', '--from', SQL], 'no-table', /has no table "x\\"; DROP TABLE t; --"; it has more, theirs/],
];

/** What is wrong with a file, by what is said of it behind its name. */
const BAD_FILES: [title: string, content: string | Buffer, says: RegExp][] = [
  ['that is empty', '', /: it is empty/],
  ['with a header alone', `${HEADER}\n`, /: it has a header and no rows/],
  ['without a header', `${FIRST}\n${SECOND}\n`, /:1: column "4": a name is a letter/],
  ['whose last line was cut', GOOD.slice(0, -30), /:3: expected 7 cells as in the header, found 6/],
  ['with a line too long', `${HEADER}\n${FIRST},1\n`, /:2: expected 7 cells as in the header, found 8/],
  ['of another table', 'r,steps,x\n2.5,100,0.6\n', /:1: expected the parameters nrow, ncol, seed, found "r", "steps", "x"/],
  ['with one column more', `${HEADER},color\n${FIRST},1\n`, /:2: svd-block: it has no column "color"/],
  ['with a component less than ncol says', GOOD.replaceAll(/,[^,]*$/gm, ''), /:2: svd-block: the vector ve has as many components as ncol says, 3, found 2/],
  ['with NaN in a vector', `${HEADER}\n${FIRST.replace(/[^,]*$/, 'nan')}\n`, /:2: column "ve002": expected a number as in every component of a vector, found "nan"; --allow-missing takes/],
  ['with an empty cell in a vector', `${HEADER}\n${FIRST.replace(/[^,]*,([^,]*)$/, ',$1')}\n`, /:2: column "ve001": expected a number as in every component of a vector, found nothing/],
  ['with NaN for a parameter', `${HEADER}\n${FIRST}\n${SECOND.replace(/^4/, 'nan')}\n`, /:3: column "nrow": expected a number as in line 2, found "nan"/],
  ['with nothing for a result', `${HEADER}\n${FIRST}\n${SECOND.replace(/,2,[^,]*/, ',2,')}\n`, /:3: column "v_alignment": expected a number as in line 2, found nothing/],
  ['with an infinite result', `${HEADER}\n${FIRST}\n${SECOND.replace(/,2,[^,]*/, ',2,-inf')}\n`, /:3: column "v_alignment": expected a number as in line 2, found "-inf"/],
  ['with a number that no double holds', `${HEADER}\n${FIRST}\n${SECOND.replace(/,2,[^,]*/, ',2,1e400')}\n`, /:3: column "v_alignment": expected a number that a double holds, found 1e400/],
  ['with blanks around a number', `${HEADER}\n${FIRST.replace(/,1,/, ', 1,')}\n${SECOND}\n`, /:2: column "seed": expected a number as in line 3, found " 1"; take the blanks away/],
  ['with half a seed', `${HEADER}\n${FIRST.replace(',1,', ',1.5,')}\n`, /:2: svd-block: seed is an integer from 0/],
  ['with text in a vector', `${HEADER}\n${FIRST.replace(/[^,]*$/, '=1+1')}\n`, /:2: column "ve002": expected a number as in every component of a vector, found "=1\+1"/],
  ['with the same column twice', `${HEADER},seed\n${FIRST},1\n`, /:1: column "seed" is there twice/],
  ['with SQL for a column', `${HEADER},"${SQL.replaceAll('"', '""')}"\n${FIRST},1\n`, /:1: column "x\\"; DROP TABLE t; --": a name is a letter/],
  ['whose quote does not end', `${HEADER}\n"${FIRST}\n`, /:\d+: a quoted text begins here, or before, and does not end/],
  ['in Latin-1', Buffer.from(`${HEADER}\n${FIRST}é\n`, 'latin1'), /:2: it is not UTF-8/],
  ['that is compressed', Buffer.from([0x1f, 0x8b, 0x08, 0x00, 0xff, 0xfe]), /:1: it is not UTF-8/],
];

describe.concurrent('what cannot be gathered', () => {
  test.each(MISTAKES)('%s is refused in one line with exit code 2, and leaves nothing behind', async (_, line, code, says) => {
    await using space = openWorkspace('gather-mistake');
    for (const [name, content] of Object.entries({ 'good.csv': GOOD, 'walk.mjs': MODULE, empty: '', 'sub/x.csv': GOOD })) space.file(name, content);
    writeEmsTable(join(space.folder, 'EMS.db3'), 'theirs', [1], 4, 3);
    writeEmsTable(join(space.folder, 'EMS.db3'), 'more', [1], 4, 3);
    const before = everythingIn(space.folder);
    expectRefusal(await space.sluice('gather', '--json', ...line).ended, { exit: 2, code, says });
    expect(everythingIn(space.folder)).toEqual(before);
  });

  test('every kind of bad file is left out with its line, and the good one among them is taken', async () => {
    await using space = openWorkspace('gather-bad');
    const names = BAD_FILES.map((_, index) => `bad_${index}.csv`);
    for (const [index, [, content]] of BAD_FILES.entries()) writeFileSync(join(space.folder, names[index]!), content);
    space.file('good.csv', GOOD);
    const alone = await space.sluice('gather', 't', ...names, '--json').ended;
    const others = BAD_FILES.length - 1;
    expectRefusal(alone, { exit: 1, code: 'bad-file', says: new RegExp(`bad_0\\.csv: it is empty; .* \\(and ${others} more files are bad; nothing was gathered\\)`) });
    expect(everythingIn(space.folder)).toEqual([...names, 'good.csv'].sort());
    const end = await space.sluice('gather', 't', ...names, 'good.csv', '--json').ended;
    expect(end.code).toBe(1);
    expect(JSON.parse(end.stdout)).toMatchObject({ rows: 2, stored: 2 });
    const lines = end.stderr.trimEnd().split('\n');
    expect(lines).toHaveLength(BAD_FILES.length);
    for (const [index, [title, , says]] of BAD_FILES.entries()) {
      expect(lines[index], title).toMatch(new RegExp(`^sluice: bad_${index}\\.csv${says.source}.*; nothing of this file was taken$`));
    }
  });
});

test('a table of another experiment takes no rows, and stays as it is', async () => {
  await using space = openWorkspace('gather-other');
  space.file('walk.mjs', MODULE);
  space.file('spec.json', { experiment: './walk.mjs', params: [{ seed: [1, 2] }], table_name: 'walk' });
  await space.json(['run', 'spec.json']);
  const before = readTable(space.data, 'walk');
  space.file('good.csv', GOOD);
  const asked = await space.sluice('gather', 'walk', 'good.csv', '--experiment', 'svd-block', '--json').ended;
  expectRefusal(asked, { exit: 2, code: 'other-experiment', says: /table walk holds rows of the experiment "walk", not of "svd-block"/ });
  const cased = await space.sluice('gather', 'Walk', 'good.csv', '--json').ended;
  expectRefusal(cased, { exit: 2, code: 'bad-table-name', says: /differs from the table walk in case alone/ });
  space.file('bare.csv', 'y\n1\n');
  const bare = await space.sluice('gather', 'walk', 'bare.csv', '--json').ended;
  expectRefusal(bare, { exit: 1, code: 'bad-file', says: /bare\.csv:1: expected the parameters seed, found "y"/ });
  expect(readTable(space.data, 'walk')).toEqual(before);
  expect((await space.json(['status', 'walk']))['points']).toBe(2);
});

test('what no column of numbers holds is refused for an experiment that checks no rows, too, a row alone in its file by what the table holds', async () => {
  await using space = openWorkspace('gather-numbers');
  space.file('walk.mjs', MODULE);
  const gather = async (...rest: string[]) => await space.sluice('gather', 't', ...rest, '--experiment', './walk.mjs', '--parameters', 'seed').ended;
  space.file('good.csv', 'seed,y,label\n1,0.5,NA\n2,1e-05,x\n');
  expect((await gather('good.csv')).code).toBe(0);
  const words = ['-nan', 'None', 'NULL', 'N/A', '<NA>', '', '1e400', 'inf', 'True', ' 2', 'oops'];
  for (const [index, word] of words.entries()) space.file(`bad_${index}.csv`, `seed,y,label\n${index + 10},${word},x\n`);
  const end = await gather(...words.map((_, index) => `bad_${index}.csv`), 'good.csv');
  const lines = end.stderr.trimEnd().split('\n');
  expect(end.code).toBe(1);
  for (const index of words.keys()) expect(lines[index]).toMatch(new RegExp(`^sluice: bad_${index}\\.csv:2: column "y": expected a number [^\\n]*; nothing of this file was taken$`));
  expect(lines).toHaveLength(words.length);
  expect((await gather('bad_0.csv', 'bad_5.csv', 'bad_7.csv', '--allow-missing')).code).toBe(0);
  await space.json(['export', 't', '--to', 'rows.csv']);
  expect(readFileSync(join(space.folder, 'rows.csv'), 'utf8')).toBe('seed,y,label\n1,0.5,NA\n2,0.00001,x\n10,,x\n15,,x\n17,Infinity,x\n');
});

test('a row that its table has no room for is told of, by file and line, and its point is recorded as failed', async () => {
  await using space = openWorkspace('gather-room');
  space.file('walk.mjs', MODULE);
  const wide = (name: string) => `seed,${Array.from({ length: 1_500 }, (_, index) => `${name}x${index + 1}`).join(',')}\n${name === 'a' ? 1 : 2}${',7'.repeat(1_500)}\n`;
  for (const name of ['a', 'b']) space.file(`${name}.csv`, wide(name));
  const end = await space.sluice('gather', 't', 'a.csv', 'b.csv', '--experiment', './walk.mjs', '--parameters', 'seed', '--json').ended;
  expectOneLine(end, 1, /^sluice: b\.csv:2: the database did not take it: the table would have 3001 columns; SQLite allows 2000$/m);
  expect(JSON.parse(end.stdout)).toMatchObject({ rows: 2, stored: 1, repeated: 0, refused: { count: 1 } });
  expect(await space.json(['status', 't'])).toMatchObject({ stored: 1, failed: 1, deadLetters: 1 });
});

test('a line of 200 MB is refused with a bounded memory, and leaves nothing behind', async () => {
  await using space = openWorkspace('gather-long');
  writeFileSync(join(space.folder, 'long.csv'), `${HEADER}\n${FIRST}\n`);
  writeFileSync(join(space.folder, 'long.csv'), Buffer.alloc(LONG_LINE_BYTES, '1'), { flag: 'a' });
  const peakOf = async (...line: string[]): Promise<{ peakBytes: number; stderr: string }> => {
    const end = await space.script(join(import.meta.dirname, 'measured.ts'), 'cost', ...line).ended;
    const { peakBytes } = JSON.parse(readFileSync(join(space.folder, 'cost'), 'utf8')) as { peakBytes: number };
    return { peakBytes, stderr: end.stderr };
  };
  const nothing = await peakOf('gather', 't', 'none.csv');
  const refused = await peakOf('gather', 't', 'long.csv');
  expect(refused.stderr).toMatch(/^sluice: long\.csv:3: a line has at most 32 MiB, and this one has more\n$/);
  expect(refused.peakBytes).toBeLessThan(nothing.peakBytes + LONG_LINE_MEMORY_BYTES);
  expect(everythingIn(space.folder)).toEqual(['cost', 'long.csv']);
});

/** A read-only mount of one's own needs util-linux's unshare and a kernel that allows user namespaces (or root). */
const canMount = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'none', tmpdir()]).status === 0;

test.skipIf(!canMount && process.env['CI'] === undefined)('a database that cannot be written is told of in one line, and nothing of the file is left (needs unshare -rm)', async () => {
  await using space = openWorkspace('gather-read-only');
  onTestFinished(() => processesIn(space.folder).forEach(({ pid }) => sendSignal(pid, 'SIGKILL')));
  await space.json(['gather', 't', writeCourseFile(space.folder, 'a.csv', [1], 4, 3)]);
  writeCourseFile(space.folder, 'b.csv', [2], 4, 3);
  mkdirSync(join(space.folder, 'home'));
  const before = everythingIn(space.folder);
  const sluice = join(import.meta.dirname, '..', '..', '..', 'cli', 'sluice.mjs');
  const environment = { ...process.env, HOME: join(space.folder, 'home'), NODE: process.execPath, ENTRY: sluice, CI: '' };
  const mounted = 'mount --bind data data && mount -o remount,bind,ro data && "$NODE" "$ENTRY" gather t b.csv --json';
  const end = await startCommand('unshare', ['-rm', 'sh', '-c', mounted], space.folder, environment).ended;
  expectRefusal(end, { exit: 2, code: 'data-folder', says: /cannot write the data folder .*read-only/i });
  expect(everythingIn(space.folder)).toEqual(before);
});
