import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DEATHS_BEFORE_ALONE, LOCK_MS, STALLED_CHECK_MS } from '../../../runtime/limits.ts';
import { openStore } from '../../../store/store.ts';
import type { Command } from '../harness/command.ts';
import { holdPoints } from '../harness/held-points.ts';
import { openRedis } from '../harness/redis.ts';
import { startStopwatch } from '../harness/stopwatch.ts';
import { readTable, storedRows } from '../harness/table.ts';
import { until } from '../harness/until.ts';
import { keepUp } from '../harness/upkeep.ts';
import { openWorkspace } from '../harness/workspace.ts';

/** What is promised of a killed consumer's points. */
const RERUN_MS = 10_000;

/** Time that a deadly point takes to be set apart: a lock and a look for lost jobs at each death, and much more for a busy machine. */
const APART_MS = 5 * DEATHS_BEFORE_ALONE * (LOCK_MS + STALLED_CHECK_MS);

const HARMLESS = 30;

describe('a consumer that is killed', () => {
  test.concurrent('has its points computed elsewhere within 10 s, and no attempt is charged', async () => {
    await using workspace = openWorkspace('killed');
    await using redis = await openRedis(workspace.folder);
    const place = ['--redis', redis.url, '--data', workspace.data];
    await using sink = keepUp(() => workspace.sluice('sink', ...place));
    const held = holdPoints(workspace, 4);
    const started = (consumer: Command): number[] => held.told().filter((told) => told.what === 'started' && told.consumer === consumer.pid).map(({ seed }) => seed);
    await workspace.json(['enqueue', held.spec, ...place]);
    const consume = () => workspace.sluice('consume', held.table, ...place, '--threads', '2');
    const first = consume();
    await until('two points have started', () => started(first).length === 2);
    const second = consume();
    // Its own processes are at work already.
    await until('the other two have started elsewhere', () => started(second).length === 2);
    const [lost, others] = [started(first), started(second)];
    for (const seed of others) held.release(seed);
    using sinceDeath = startStopwatch();
    await first.end('SIGKILL');
    const again = await until('the lost ones have started again', () => started(second).length === 4 && started(second).slice(2));
    expect(sinceDeath.elapsedMs()).toBeLessThan(RERUN_MS);
    expect(new Set(again)).toEqual(new Set(lost));
    held.release();
    await until('every row is stored', () => storedRows(workspace.data, held.table) === 4);
    expect(readTable(workspace.data, held.table)).toMatchObject({ rows: 4, attempts: 1, failures: 0 });
    await second.end('SIGTERM');
    await sink.stop();
  });
});

describe('a point that always kills ends as failed, and the others complete, where it kills', () => {
  test.concurrent.each([
    ['parent', 'crashed its consumer (signal SIGKILL)', 1],
    ['itself', 'crashed its process (signal SIGKILL)', 3],
  ])(
    '%s: it %s',
    async (kills, message, attempts) => {
      await using workspace = openWorkspace('deadly');
      await using redis = await openRedis(workspace.folder);
      const place = ['--redis', redis.url, '--data', workspace.data];
      const experiment = join(import.meta.dirname, 'fixtures', 'deadly.ts');
      const grids = [{ seed: { range: [0, HARMLESS] }, kills: ['nobody'] }, { seed: [HARMLESS], kills: [kills] }];
      const spec = workspace.file('spec.json', { experiment, table_name: 'deadly', params: grids });
      await using sink = keepUp(() => workspace.sluice('sink', ...place));
      await workspace.json(['enqueue', spec, ...place]);
      await using consumer = keepUp(() => workspace.sluice('consume', ...place, '--threads', '1'));
      const failures = await until('the point is recorded as failed', () => failuresIn(workspace.data), APART_MS);
      await until('the others are stored', () => storedRows(workspace.data, 'deadly') === HARMLESS);
      expect(failures).toEqual([expect.objectContaining({ code: 'crashed', message, attempts, point: { seed: HARMLESS, kills } })]);
      expect(readTable(workspace.data, 'deadly')).toMatchObject({ rows: HARMLESS, distinctKeys: HARMLESS, attempts: 1, failures: 1, deadLetters: 0 });
      expect(consumer.deaths).toHaveLength(kills === 'parent' ? DEATHS_BEFORE_ALONE : 0);
      await consumer.stop();
      await sink.stop();
    },
    3 * APART_MS,
  );
});

function failuresIn(data: string) {
  using held = new DisposableStack();
  const store = held.adopt(openStore(data), (open) => open.close());
  const failures = [...store.failures('deadly')];
  return failures.length > 0 && failures;
}
