import { describe, expect, test } from 'vitest';
import { documentOf } from '../harness/workspace.ts';
import { holdPoints } from '../harness/held-points.ts';
import { processesIn } from '../harness/processes.ts';
import { readTable, storedRows } from '../harness/table.ts';
import { until } from '../harness/until.ts';
import { openWorkspace } from '../harness/workspace.ts';

const TABLE = 'svd_block';
const POINTS = 400;

/** Blocks of some milliseconds each, so that a signal finds the run at work. */
const LONG_RUN = ['run', 'svd-block', '--blocks', String(POINTS), '--nrow', '4000', '--ncol', '40', '--threads', '1', '--batch-rows', '20'];

describe('sluice run', () => {
  test('computes 100 points for a spec of 300 after a run of 200', async () => {
    await using workspace = openWorkspace('more');
    const size = ['--nrow', '40', '--ncol', '20'];
    const first = await workspace.json(['run', 'svd-block', '--blocks', '200', ...size]);
    expect(first).toMatchObject({ points: 200, alreadyStored: 0, computed: 200, failed: 0 });
    const second = await workspace.json(['run', 'svd-block', '--blocks', '300', ...size]);
    expect(second).toMatchObject({ points: 300, alreadyStored: 200, computed: 100, failed: 0 });
    const third = await workspace.json(['run', 'svd-block', '--blocks', '300', ...size]);
    expect(third).toMatchObject({ points: 300, alreadyStored: 300, computed: 0, failed: 0, secondsPerPoint: null });
    expect(readTable(workspace.data, TABLE)).toMatchObject({ rows: 300, distinctKeys: 300, distinctPoints: 300 });
  });

  test('ends by the signal of a Ctrl-C with what it has computed stored, and computes only the rest when it is run again', async () => {
    await using workspace = openWorkspace('interrupted');
    const run = workspace.sluice(...LONG_RUN, '--json');
    await until('some rows are stored', () => storedRows(workspace.data, TABLE) >= 20);
    const end = await run.end('SIGINT');
    expect(end).toMatchObject({ code: null, signal: 'SIGINT' });
    const interrupted = documentOf({ ...end, code: 0 }, LONG_RUN);
    const stored = storedRows(workspace.data, TABLE);
    expect(interrupted).toMatchObject({ points: POINTS, computed: stored, reduce: null });
    expect(stored).toBeLessThan(POINTS);
    expect(processesIn(workspace.folder)).toEqual([]);
    expect(await workspace.json(LONG_RUN)).toMatchObject({ alreadyStored: stored, computed: POINTS - stored, failed: 0 });
    expect(readTable(workspace.data, TABLE)).toMatchObject({ rows: POINTS, distinctKeys: POINTS, distinctPoints: POINTS, attempts: 1 });
  });

  test('leaves no process behind after SIGKILL, and computes only the rest when it is run again', async () => {
    await using workspace = openWorkspace('killed-run');
    const run = workspace.sluice(...LONG_RUN);
    await until('some rows are stored', () => storedRows(workspace.data, TABLE) >= 20);
    expect(processesIn(workspace.folder).some(({ command }) => /redis-server|valkey-server/.test(command))).toBe(true);
    expect(await run.end('SIGKILL')).toMatchObject({ signal: 'SIGKILL' });
    const stored = storedRows(workspace.data, TABLE);
    await until('Redis has ended', () => processesIn(workspace.folder).length === 0);
    const again = await workspace.json(LONG_RUN);
    // What was in the stream and not in the database is taken in by the second run without computing it anew.
    expect(again).toMatchObject({ alreadyStored: stored, computed: POINTS - stored, failed: 0 });
    expect(readTable(workspace.data, TABLE)).toMatchObject({ rows: POINTS, distinctKeys: POINTS, distinctPoints: POINTS, attempts: 1 });
  });

  test('leaves at once at a second Ctrl-C, although a point is computing and its grace is long', async () => {
    await using workspace = openWorkspace('impatient');
    const held = holdPoints(workspace, 2);
    const run = workspace.sluice('run', held.spec, '--grace', '600', '--threads', '2');
    await until('the points have started', () => held.told().length === 2);
    run.signal('SIGINT');
    // One that follows at once is the same request, as npm forwards it: only a later one counts.
    await until('it has left', () => {
      run.signal('SIGINT');
      return run.gone;
    });
    expect(await run.ended).toMatchObject({ code: null, signal: 'SIGINT' });
    held.release();
    expect(await workspace.json(['run', held.spec])).toMatchObject({ points: 2, computed: 2, failed: 0 });
  });
});
