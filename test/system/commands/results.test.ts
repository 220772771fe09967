import { beforeAll, describe, expect, test } from 'vitest';
import { COMMANDS } from '../../../cli/commands.ts';
import { everythingIn, expectRefusal } from '../bad-input/refusal.ts';
import { runInTurn, type Ended } from '../harness/command-lines.ts';
import { openRedis } from '../harness/redis.ts';
import { storedRows } from '../harness/table.ts';
import { until } from '../harness/until.ts';
import { documentOf, openWorkspace } from '../harness/workspace.ts';

const SMALL = ['--blocks', '5', '--nrow', '30', '--ncol', '20'];
const number = expect.any(Number) as number;

/** What `reduce` gives of the five small blocks. */
const ANSWER = {
  table: 'svd_block', rows: 5, ncol: 20, errorCombined: number, errorSingle: { mean: number, min: number, max: number }, improvement: number, sigma1: number, sigma2: number,
};

test('run tells what it did, the second time that nothing was left to do; reduce tells the same answer', async () => {
  await using space = openWorkspace('results');
  const first = await space.json(['run', ...SMALL, '--threads', '2']);
  expect(first).toEqual({
    table: 'svd_block', experiment: 'svd-block', points: 5, alreadyStored: 0, computed: 5, failed: 0, seconds: number, secondsPerPoint: number,
    pointSeconds: { median: number, p95: number }, secondsToFirstRow: number, threads: 2, database: `${space.data}/sluice.db3`, reduce: ANSWER,
  });
  expect(first['secondsPerPoint']).toBe((first['seconds'] as number) / 5);
  expect(first['secondsToFirstRow']).toBeLessThanOrEqual(first['seconds'] as number);
  const second = await space.json(['run', ...SMALL]);
  expect(second).toMatchObject({ points: 5, alreadyStored: 5, computed: 0, secondsPerPoint: null, pointSeconds: null, secondsToFirstRow: null, reduce: first['reduce'] });
  expect(await space.json(['reduce'])).toEqual(first['reduce']);
  expect(await space.json(['run', '--blocks', '8', ...SMALL.slice(2)])).toMatchObject({ points: 8, alreadyStored: 5, computed: 3 });
});

test('a table that is called as what every object has is a table like any other', async () => {
  await using space = openWorkspace('results-constructor');
  expect(await space.json(['run', ...SMALL, '--threads', '1', '--table', 'constructor'])).toMatchObject({ table: 'constructor', computed: 5, failed: 0, reduce: { rows: 5 } });
});

test('a reduce that throws takes nothing else of the report along', async () => {
  await using space = openWorkspace('reduce-throws');
  space.file('mine.mjs', `export const name = 'mine';
export const version = '1';
export const run = ({ x }) => ({ x, y: x });
export const reduce = () => { throw new Error('no luck'); };
`);
  const spec = space.file('spec.json', { experiment: './mine.mjs', params: [{ x: [1, 2] }] });
  const says = 'the reduce of experiment "mine" failed on table mine: no luck';
  const end = await space.sluice('run', spec, '--json').ended;
  expect(documentOf(end, ['run'], 1)).toMatchObject({ points: 2, computed: 2, failed: 0, reduce: null });
  expect(end.stderr).toBe(`sluice: ${says}\n`);
  expectRefusal(await space.sluice('reduce', 'mine', '--json').ended, { exit: 1, code: 'cannot-reduce', says: new RegExp(says) });
});

test('the services tell what they did, and status counts points where they are', async () => {
  await using space = openWorkspace('services');
  await using redis = await openRedis(space.folder);
  const at = ['--redis', redis.url];
  const standing = { table: 'svd_block', points: 5, waiting: 0, active: 0, failed: 0, stored: 0, streamEntries: 0 };
  expect(await space.json(['enqueue', ...SMALL, ...at])).toEqual({
    table: 'svd_block', experiment: 'svd-block', points: 5, alreadyStored: 0, alreadyFailed: 0, alreadyQueued: 0, knownElsewhere: 0, enqueued: 5, cancelled: false, seconds: number,
  });
  expect(await space.json(['enqueue', ...SMALL, ...at])).toMatchObject({ alreadyQueued: 5, enqueued: 0 });
  // Until the sink has committed the plan, nobody knows how many points it has.
  expect(await space.json(['status', ...at])).toMatchObject({ ...standing, points: 0, waiting: 5, streamEntries: 2 });
  expect(await space.json(['consume', 'svd_block', '--idle-exit', '0.2', ...at, '--log-level', 'error'])).toEqual({ rows: 5, failures: 0 });
  expect(await space.json(['status', ...at])).toMatchObject({ ...standing, points: 0, streamEntries: 7 });
  const sink = space.sluice('sink', '--json', ...at, '--log-level', 'error');
  await until('all is committed', () => storedRows(space.data, 'svd_block') === 5);
  expect(await space.json(['status', ...at])).toMatchObject({ ...standing, stored: 5 });
  expect(documentOf({ ...(await sink.end('SIGTERM')), code: 0 }, ['sink'])).toEqual({ rows: 5, failures: 0, deadLetters: 0 });
  expect(await space.json(['enqueue', ...SMALL, ...at])).toMatchObject({ alreadyStored: 5, enqueued: 0 });
});

test('up tells where it is, and down that it has ended', async () => {
  await using space = openWorkspace('up-down');
  const up = space.sluice('up', '--json', '--log-level', 'error');
  const told = await until('up is up', () => up.stdout.endsWith('}\n') && up.stdout);
  expect(JSON.parse(told)).toEqual({ broker: expect.stringMatching(/^redis:\/\/127\.0\.0\.1:\d+$/) as string, database: `${space.data}/sluice.db3`, pid: up.pid, generation: 1, openToOthers: false });
  expect(await space.json(['down'])).toEqual({ stopped: true, pid: up.pid, entries: 0, jobs: 0 });
  expect(await space.json(['down'])).toEqual({ stopped: false });
});

test('a table without a database, and one that is not there, have nothing of anything', async () => {
  await using space = openWorkspace('nothing');
  expect(await space.json(['status', 'mine'])).toMatchObject({ table: 'mine', experiment: null, points: 0, waiting: 0, active: 0, failed: 0, stored: 0, streamEntries: 0, broker: false });
});

describe('the help', () => {
  const commands = ['', ...COMMANDS.map(({ usage }) => usage.split(' ')[0] ?? '')];
  let ended: readonly Ended[];
  beforeAll(async () => {
    ended = await runInTurn(commands.map((command) => ({ line: command === '' ? ['--help'] : [command, '--help'] })), everythingIn);
  });

  test.each(commands.map((command, index) => ({ command, index })))('of "$command" exits with 0, on standard output, and names its options', ({ command, index }) => {
    const { end } = ended[index]!;
    expect({ code: end.code, stderr: end.stderr }).toEqual({ code: 0, stderr: '' });
    expect(end.stdout).toMatch(/^Usage: sluice/);
    if (command !== '') expect(end.stdout).toContain('--json');
  });
});
