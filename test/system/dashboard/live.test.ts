import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Snapshot } from '../../../monitor/snapshot.ts';
import { brokerFileIn } from '../../../runtime/broker-file.ts';
import { openRedis } from '../harness/redis.ts';
import { holdPoints } from '../harness/held-points.ts';
import { until } from '../harness/until.ts';
import { openWorkspace, type Workspace } from '../harness/workspace.ts';
import { ask, enter, type Events } from './browser.ts';

/** Waits until the newest snapshot fits. */
async function sees(events: Events, what: string, fits: (snapshot: Snapshot) => boolean): Promise<Snapshot> {
  return await until(`the page sees ${what}; it saw ${JSON.stringify({ ...events.snapshots.at(-1), rate: [] })}`, () => events.snapshots.findLast(fits), 60_000);
}

/** An experiment whose odd points fail while there is a file `broken`. */
function fragile(space: Workspace): string {
  space.file('broken', '');
  space.file('fragile.mjs', `import { existsSync } from 'node:fs';
export const name = 'fragile';
export const version = '1';
export function run({ x }) {
  if (x % 2 === 1 && existsSync(new URL('broken', import.meta.url))) throw new Error(x === 1 ? 'alone' : 'it is broken');
  return { x, y: x * x };
}
`);
  return space.file('spec.json', { experiment: './fragile.mjs', params: [{ x: { range: [0, 6] } }], table_name: 'fragile' });
}

test('the page sees a run from before its database to its answer, a sink that ends and comes back, and retries what failed', async () => {
  await using space = openWorkspace('dashboard-live');
  const dashboard = space.sluice('dashboard', '--port', '0');
  const browser = await enter(dashboard);
  using events = browser.events();
  await sees(events, 'that there is nothing', ({ table, broker, reasons }) => table === null && !broker.up && reasons[0]?.code === 'no-table');
  await using redis = await openRedis(space.folder);
  const at = ['--redis', redis.url];
  const other = space.sluice('dashboard', '--port', '0', ...at);
  const inside = await enter(other);
  using live = inside.events();
  await sees(live, 'the broker', ({ broker }) => broker.up);
  await space.json(['enqueue', fragile(space), ...at, '--attempts', '1']);
  await sees(live, 'points that wait, and no sink', ({ table, counts, sink, reasons }) => table === 'fragile' && counts.waiting === 6 && !sink.up && reasons.some(({ code }) => code === 'no-sink'));
  const sink = space.sluice('sink', ...at, '--log-level', 'error');
  const { counts } = await sees(live, 'the plan, committed', ({ sink: { up }, counts }) => up && counts.points === 6);
  expect(counts).toMatchObject({ waiting: 6, stored: 0, failed: 0 });
  const consumer = space.sluice('consume', '--threads', '1', ...at, '--log-level', 'silent');
  const failed = await sees(live, 'rows and failures', ({ counts: { stored, failed: lost } }) => stored === 3 && lost === 3);
  expect(failed.failures).toEqual({ groups: [{ message: 'it is broken', count: 2 }, { message: 'alone', count: 1 }], hidden: 0 });
  expect(failed).toMatchObject({ canRetry: true, experiment: 'fragile', plots: null, consumers: [{ slots: 1, alive: true }] });

  const metrics = (await inside.get('/metrics')).body;
  await until('the counters are told', async () => (await inside.get('/metrics')).body.includes('sluice_rows_total{table="fragile"} 3'));
  expectPrometheus(metrics);
  const told = (await inside.get('/metrics')).body;
  for (const line of ['sluice_point_seconds_count{table="fragile"} 3', 'sluice_failures_total{table="fragile"} 3', 'sluice_points{table="fragile",state="stored"} 3']) expect(told).toContain(`\n${line}\n`);

  expect((await sink.end('SIGTERM')).stderr).toBe('');
  await sees(live, 'that the sink is gone', ({ sink: { up } }) => !up);
  space.sluice('sink', ...at, '--log-level', 'error');
  await sees(live, 'the sink again', ({ sink: { up } }) => up);

  rmSync(join(space.folder, 'broken'));
  expect(await inside.post('/api/retry', { table: 'fragile', message: 'it is broken' })).toMatchObject({ status: 200, body: '{"retried":2}' });
  const { failures } = await sees(live, 'that two were computed', ({ counts: { stored } }) => stored === 5);
  expect(failures.groups).toEqual([{ message: 'alone', count: 1 }]);
  expect((await inside.post('/api/retry', { table: 'fragile' })).body).toBe('{"retried":1}');
  await sees(live, 'the complete table', ({ complete, counts: { stored } }) => complete && stored === 6);

  const board = await inside.get('/queues');
  expect(board).toMatchObject({ status: 200, headers: { 'content-security-policy': expect.stringContaining("style-src 'self' 'unsafe-inline'") as string } });
  expect(board.body).not.toMatch(/(href|src)="https?:/);
  const script = /src="(static\/js\/main\.[^"]+)"/.exec(board.body)?.[1] ?? '';
  expect((await inside.get(`/queues/${script}`)).headers['content-type']).toMatch(/javascript/);
  expect(JSON.parse((await inside.get('/queues/api/queues')).body)).toMatchObject({ queues: [{ name: 'fragile', readOnlyMode: true }] });
  await redis.kill();
  await sees(live, 'that the broker is gone', ({ broker, counts: { stored } }) => !broker.up && stored === 6);
  await redis.restart();
  await sees(live, 'the broker again', ({ broker }) => broker.up);
  await consumer.end('SIGTERM');
  expect((await other.end('SIGTERM')).stderr).toBe('');
});

/** Fails where a line is none of the text format of Prometheus. */
function expectPrometheus(text: string): void {
  const line = /^(# (HELP|TYPE) sluice_\w+ .+|sluice_\w+(\{\w+="[^"]*"(,\w+="[^"]*")*\})? ([-+]?[0-9.e+-]+|NaN|[+-]Inf)|)$/;
  expect(text.split('\n').filter((one) => !line.test(one))).toEqual([]);
  for (const name of ['sluice_jobs', 'sluice_rows_total', 'sluice_entry_bytes_total', 'sluice_stream_entries', 'sluice_consumers', 'sluice_commit_seconds', 'sluice_point_seconds', 'sluice_upload_behind_rows']) {
    expect(text).toContain(`# TYPE ${name} `);
  }
}

test('a change is shown within a second of its commit', async () => {
  await using space = openWorkspace('dashboard-second');
  const held = holdPoints(space, 6);
  const run = space.sluice('run', held.spec, '--threads', '2', '--dashboard', '--batch-ms', '0');
  const browser = await enter(run);
  using events = browser.events();
  await sees(events, 'two computations', ({ counts: { active } }) => active === 2);
  const lags: number[] = [];
  for (const seed of held.told().filter(({ what }) => what === 'started').map((one) => one.seed)) {
    const before = events.snapshots.at(-1)!.counts.stored;
    held.release(seed);
    const endedAtMs = await until('it has ended', () => held.told().find((one) => one.what === 'ended' && one.seed === seed)?.atMs);
    await sees(events, 'its row', ({ counts: { stored } }) => stored > before);
    lags.push(Date.now() - endedAtMs);
  }
  // From the end of the computation, so with its way through the broker and its commit.
  expect(Math.min(...lags)).toBeLessThan(1_000);
  held.release();
  expect((await run.ended).code).toBe(0);
  expect(events.snapshots.at(-1)?.counts.stored).toBe(6);
  // The page ends with the run.
  await expect(ask(browser.port, '/')).rejects.toThrow();
});

test('up --dashboard prints the link of its page; of svd-block it shows alignments, the error of the combined vector, and the answer', async () => {
  await using space = openWorkspace('dashboard-up');
  await space.json(['run', 'svd-block', '--blocks', '30', '--nrow', '60', '--ncol', '20']);
  const up = space.sluice('up', '--dashboard');
  const browser = await enter(up);
  await until('the broker is up', () => existsSync(brokerFileIn(space.data)));
  using events = browser.events('svd_block');
  const { plots, answer, complete } = await sees(events, 'plots and answer', (one) => one.plots !== null && one.answer !== null);
  expect(complete).toBe(true);
  const reduced = await space.json(['reduce', 'svd_block']);
  expect(answer).toMatchObject({ rows: 30, errorCombined: reduced['errorCombined'], 'errorSingle.mean': (reduced['errorSingle'] as { mean: number }).mean });
  expect(plots?.error.map(({ rows }) => rows)).toEqual([1, 2, 5, 10, 20, 30]);
  expect(plots?.error.at(-1)?.error).toBe(reduced['errorCombined']);
  expect(plots?.single?.mean).toBeCloseTo((reduced['errorSingle'] as { mean: number }).mean, 12);
  expect(plots?.alignments.counts.reduce((sum, count) => sum + count, 0)).toBe(30);
  expect((await up.end('SIGTERM')).signal).toBe('SIGTERM');
});

test('what an experiment prints in its reduce ends no command that has a page', async () => {
  await using space = openWorkspace('dashboard-talk');
  space.file('talk.mjs', `export const name = 'talk';
export const version = '1';
export const run = ({ x }) => ({ x, y: x });
export function reduce() { console.log('reducing'); return { n: 2 }; }
`);
  await space.sluice('run', space.file('spec.json', { experiment: './talk.mjs', params: [{ x: [1, 2] }], table_name: 'talk' }), '--threads', '1').ended;
  const up = space.sluice('up', '--dashboard');
  const browser = await enter(up);
  using events = browser.events('talk');
  await sees(events, 'the answer', ({ answer }) => answer?.['n'] === 2);
  await enter(up);
  expect((await up.end('SIGTERM')).signal).toBe('SIGTERM');
});
