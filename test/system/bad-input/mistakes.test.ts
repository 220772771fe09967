import { beforeAll, describe, expect, test } from 'vitest';
import { runInTurn, type CommandLine, type Ended } from '../harness/command-lines.ts';
import { everythingIn, expectRefusal } from './refusal.ts';

/** A command line that is a mistake: what it gives, and what is said of it. */
interface Mistake extends CommandLine {
  readonly title: string;
  readonly code: string;
  readonly says: RegExp;
}

const SMALL = ['--nrow', '4', '--ncol', '3'];
const GRID = { nrow: [4], ncol: [3], seed: [0] };

const COMMAND_LINES: Mistake[] = [
  { title: 'an unknown command', line: ['frobnicate'], code: 'unknown-command', says: /no command "frobnicate"/ },
  { title: 'a mistyped command', line: ['statsu'], code: 'unknown-command', says: /did you mean "status"\?/ },
  { title: 'an unknown option', line: ['run', '--frob'], code: 'bad-command', says: /unknown option '--frob'/ },
  { title: 'a mistyped option', line: ['run', '--blokcs', '3'], code: 'bad-command', says: /Did you mean --blocks\?/ },
  { title: 'an option without its value', line: ['run', '--blocks'], code: 'bad-command', says: /argument missing/ },
  { title: 'one argument too many', line: ['status', 'a', 'b'], code: 'bad-command', says: /too many arguments/ },
  { title: 'launch without a way', line: ['launch'], code: 'bad-way', says: /needs a way .* array, large, cluster/ },
  { title: 'a mistyped experiment', line: ['run', 'svd-blok'], code: 'unknown-experiment', says: /did you mean "svd-block"\?/ },
  { title: 'an unknown experiment', line: ['run', 'walk'], code: 'unknown-experiment', says: /built in: svd-block/ },
  { title: 'a count that is no number', line: ['run', '--blocks', 'many'], code: 'bad-option', says: /--blocks "many": expected a number/ },
  { title: 'no blocks', line: ['run', '--blocks', '0'], code: 'bad-option', says: /from 1 to .*found 0/ },
  { title: 'half a block', line: ['enqueue', '--blocks', '0.5'], code: 'bad-option', says: /an integer.*found 0.5/ },
  { title: 'blocks and seeds together', line: ['run', '--blocks', '2', '--seeds', '1'], code: 'bad-option', says: /--blocks or --seeds, found both/ },
  { title: 'seeds that are no numbers', line: ['run', '--seeds', '1,two'], code: 'bad-option', says: /expected numbers separated by commas/ },
  { title: 'an export to a file of no known kind', line: ['export', '--to', 'rows.xlsx'], code: 'bad-option', says: /--to rows\.xlsx: the ending says what is written; there are \.csv, \.ndjson, \.parquet/ },
  { title: 'an export to a file without an ending', line: ['export', '--to', 'rows'], code: 'bad-option', says: /there are \.csv, \.ndjson, \.parquet/ },
  { title: 'an idle time below zero', line: ['consume', '--idle-exit', '-1'], code: 'bad-option', says: /at least 0 seconds/ },
  ...['0', '-1', '1.5', '1e9', 'NaN'].map((nrow) => ({
    title: `nrow ${nrow}`,
    line: ['run', '--blocks', '2', `--nrow=${nrow}`],
    code: nrow === 'NaN' ? 'bad-option' : 'bad-point',
    says: nrow === 'NaN' ? /--nrow "NaN"/ : new RegExp(`nrow is an integer from 1 to 268435456, found ${Number(nrow)}`),
  })),
  { title: 'a block too big as a whole', line: ['run', '--nrow', '1e8', '--ncol', '10'], code: 'bad-point', says: /at most 2\^28/ },
  { title: 'a seed below zero', line: ['run', '--seeds', '3,-1', ...SMALL], code: 'bad-point', says: /seed is an integer from 0/ },
];

const TABLE_NAMES = ["x'; DROP TABLE t; --", '../../etc/passwd', 'a"b', 'a b', '1st', '', 'sluice_rows', 'sqlite_master', 'x'.repeat(65), 'tähle', 'a\nb'];
const BAD_TABLE = /table name|reserved|no value for it/;

const TABLES: Mistake[] = TABLE_NAMES.flatMap((name) => {
  const shown = JSON.stringify(name.slice(0, 24));
  const refused = { code: 'bad-setting', says: BAD_TABLE };
  return [
    { title: `table ${shown} as an option`, line: ['run', ...SMALL, `--table=${name}`], ...refused },
    { title: `table ${shown} as an argument`, line: ['status', name], ...refused },
    // An empty variable is one that is not set.
    ...(name === '' ? [] : [{ title: `table ${shown} in TABLE_NAME`, line: ['enqueue', ...SMALL], environment: { TABLE_NAME: name }, ...refused }]),
    { title: `table ${shown} in a spec`, line: ['run', 'spec.json'], files: { 'spec.json': { params: [GRID], table_name: name } }, code: 'bad-spec', says: /spec\.json: table_name: / },
    { title: `table ${shown} to a consumer`, line: ['consume', name], code: 'bad-table-name', says: /table name|reserved/ },
  ];
});

const SPECS: [title: string, spec: unknown, says: RegExp, code?: string][] = [
  ['that is not JSON', '{"params": [}', /not JSON: line 1, column 13/],
  ['that is empty', '', /not JSON: .*the end of the file/],
  ['that is a list', [GRID], /a spec is a JSON object/],
  ['without a grid', { table_name: 't' }, /needs one of "params"/],
  ['with two kinds of grids', { params: [GRID], parameters: GRID }, /found "params" and "parameters"/],
  ['with an empty list of grids', { params: [] }, /the list is empty/],
  ['with an empty axis', { params: [{ ...GRID, seed: [] }] }, /seed/],
  ['with a range that has no end', { params: [{ ...GRID, seed: { range: [0] } }] }, /range/],
  ['with a range that never arrives', { params: [{ ...GRID, seed: { range: [0, 10, 0] } }] }, /range|step/],
  ['whose stop list takes all', { params: [GRID], stop_list: [{ seed: 0 }] }, /nothing is left to compute/],
  ['with a parameter that nobody takes', { params: [{ ...GRID, color: [1] }] }, /unknown parameter/, 'bad-point'],
  ['that lacks a parameter', { params: [{ nrow: [4], seed: [0] }] }, /"ncol" is missing/, 'bad-point'],
  ['with one bad point among good ones', { params: [{ ...GRID, nrow: [4, 5, 0] }] }, /nrow is an integer/, 'bad-point'],
  ['with more points than can be', { params: [{ nrow: [4], ncol: [3], seed: { range: [0, 1e12] } }] }, /points|values|at most/, 'too-many-points'],
  ['of an unknown experiment', { experiment: 'svd-blck', params: [GRID] }, /did you mean "svd-block"\?/, 'unknown-experiment'],
  ['of a module that is not there', { experiment: './mine.ts', params: [GRID] }, /mine\.ts/, 'no-such-module'],
  ['of a Python file', { experiment: 'f.py', params: [GRID] }, /"command": \["python3", "f.py"\]/],
  ['of a program without a name', { experiment: { command: ['python3', 'f.py'], version: '1' }, params: [GRID] }, /a program needs "name"/],
];

const SPEC_FILES: Mistake[] = [
  ...SPECS.map(([title, spec, says, code = 'bad-spec']) => ({ title: `a spec ${title}`, line: ['run', 'spec.json'], files: { 'spec.json': spec }, code, says })),
  { title: 'a spec that is not there', line: ['run', 'none.json'], code: 'no-such-spec', says: /no such file/ },
  { title: 'a folder for a spec', line: ['run', './sub'], files: { 'sub/x.json': {} }, code: 'bad-spec', says: /found a folder/ },
  {
    title: 'a spec and another experiment beside it',
    line: ['run', 'spec.json', '--experiment', './other.ts'],
    files: { 'spec.json': { experiment: 'svd-block', params: [GRID] } },
    code: 'bad-spec',
    says: /leave one of them out/,
  },
  { title: 'blocks beside a spec', line: ['run', 'spec.json', '--blocks', '3'], files: { 'spec.json': { params: [GRID] } }, code: 'bad-option', says: /--blocks belongs to the built-in/ },
];

const SETTINGS: Mistake[] = [
  { title: 'SLUICE_THREADS=abc', line: ['run', ...SMALL], environment: { SLUICE_THREADS: 'abc' }, code: 'bad-setting', says: /SLUICE_THREADS: "abc" .*a number/ },
  { title: '--threads 0', line: ['run', ...SMALL, '--threads', '0'], code: 'bad-setting', says: /--threads: "0" .*at least 1/ },
  { title: '--threads 1.5', line: ['run', ...SMALL, '--threads', '1.5'], code: 'bad-setting', says: /whole number/ },
  { title: 'a log level that is none', line: ['run', ...SMALL, '--log-level', 'loud'], code: 'bad-setting', says: /--log-level: "loud"/ },
  { title: 'a namespace with a star', line: ['status', '--namespace', 'a*'], code: 'bad-setting', says: /letters, digits, _ and -/ },
  { title: 'a settings file that is not JSON', line: ['run', ...SMALL], files: { 'sluice.config.json': '{' }, code: 'bad-setting', says: /sluice\.config\.json is not JSON/ },
  { title: 'a settings file that is a list', line: ['run', ...SMALL], files: { 'sluice.config.json': [] }, code: 'bad-setting', says: /is not a JSON object of settings/ },
  { title: 'a settings file with an unknown key', line: ['run', ...SMALL], files: { 'sluice.config.json': { thread: 3 } }, code: 'bad-setting', says: /unknown setting "thread"; there are data, table,/ },
  { title: 'a settings file with a bad value', line: ['run', ...SMALL], files: { 'sluice.config.json': { grace: -1 } }, code: 'bad-setting', says: /sluice\.config\.json: grace: -1 .*at least 0/ },
];

const PLACES: Mistake[] = [
  { title: 'a Redis URL that is none', line: ['enqueue', ...SMALL, '--redis', 'here'], code: 'bad-redis-url', says: /expected redis:\/\/.*found "here"/ },
  { title: 'a URL of another protocol', line: ['consume', '--redis', 'http://user:s3cret@host'], code: 'bad-redis-url', says: /found "http:\/\/host"/ },
  { title: 'a password with a slash, unescaped', line: ['consume', '--redis', 'redis://:s3/cret@host'], code: 'bad-redis-url', says: /found "redis:\/\/host"/ },
  { title: 'a database in the URL that is no number', line: ['status', '--redis', 'redis://:s3cret@host/x'], code: 'bad-redis-url', says: /the database in a Redis URL is a number/ },
  { title: 'a file in the place of the data folder', line: ['run', ...SMALL], files: { data: 'text' }, code: 'data-folder', says: /data folder .*--data DIR/ },
  { title: 'a data folder below a file', line: ['run', ...SMALL, '--data', 'file/data'], files: { file: 'text' }, code: 'data-folder', says: /data folder .*--data DIR/ },
  ...['run', 'up'].map((command) => ({
    title: `a data folder that not even root can make, to ${command}`,
    line: [command, '--data', '/proc/sluice'],
    code: 'data-folder',
    says: /cannot write the data folder \/proc\/sluice/,
  })),
  ...['reduce', 'export', 'retry', 'cancel'].map((command) => ({ title: `no database, to ${command}`, line: [command], code: 'no-database', says: /there is no database at/ })),
];

describe.each([
  ['command lines', COMMAND_LINES],
  ['table names', TABLES],
  ['specs', SPEC_FILES],
  ['settings', SETTINGS],
  ['places', PLACES],
] as const)('mistakes in %s', (_, mistakes) => {
  let ended: readonly Ended[];
  beforeAll(async () => {
    ended = await runInTurn(mistakes.map(({ line: [command = '', ...rest], ...place }) => ({ ...place, line: [command, '--json', ...rest] })), everythingIn);
  });

  test.each(mistakes.map((mistake, index) => ({ ...mistake, index })))('$title is refused in one line with exit code 2, and leaves nothing behind', ({ index, code, says }) => {
    const { end, before, after } = ended[index]!;
    expectRefusal(end, { exit: 2, code, says });
    expect(end.stderr + end.stdout).not.toContain('cret');
    expect(after).toEqual(before);
  });
});
