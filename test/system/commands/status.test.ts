import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { brokerFileIn } from '../../../runtime/broker-file.ts';
import { openWriter } from '../../../store/writer.ts';
import { batchOf, planEntry, rowEntry } from '../../unit/store/entries.ts';
import { expectRefusal } from '../bad-input/refusal.ts';
import type { Command } from '../harness/command.ts';
import { holdPoints } from '../harness/held-points.ts';
import { until } from '../harness/until.ts';
import { openWorkspace } from '../harness/workspace.ts';

test('status counts the dead letters of its table and says where they are, and why', async () => {
  await using space = openWorkspace('status');
  const writer = openWriter(space.data);
  writer.apply(batchOf(planEntry(), rowEntry({ a: 1 }), rowEntry({ a: 2 }, { 'no name': 1 })));
  writer.close();
  expect(await space.json(['status', 'trial_table'])).toMatchObject({ stored: 1, failed: 1, deadLetters: 1 });
  const { stdout } = await space.sluice('status', 'trial_table').ended;
  expect(stdout).toContain('dead letters: 1, kept in sluice_dead_letters; the latest: the column name "no name"');
  expect((await space.sluice('status', 'another').ended).stdout).not.toContain('dead letters');
});

/** What `status --watch --json` has printed so far. */
function looksOf({ stdout }: Command): Record<string, unknown>[] {
  return stdout.split('\n').slice(0, -1).map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** Waits until the latest look fits. */
async function seesThat(watch: Command, what: string, fits: (look: Record<string, unknown>) => boolean): Promise<void> {
  await until(`the watch sees ${what}`, () => fits(looksOf(watch).at(-1) ?? {}));
}

test('status --watch sees a table from before its plan to its last row, through the death of its broker', async () => {
  await using space = openWorkspace('watch');
  const held = holdPoints(space, 4);
  const watch = space.sluice('status', held.table, '--watch', '--interval', '0.2', '--json');
  await seesThat(watch, 'no broker', ({ broker, troubles }) => broker === false && String(troubles).includes('no broker'));
  const up = space.sluice('up');
  await until('the broker is up', () => existsSync(brokerFileIn(space.data)));
  await space.json(['enqueue', held.spec]);
  await seesThat(watch, 'the plan', ({ points, waiting }) => points === 4 && waiting === 4);
  const consumer = space.sluice('consume', '--threads', '2');
  await seesThat(watch, 'two computations', ({ active, nodes }) => active === 2 && (nodes as { running: number }[])[0]?.running === 2);
  await up.end('SIGKILL');
  await seesThat(watch, 'that the broker is gone, and the plan still', ({ broker, points }) => broker === false && points === 4);
  space.sluice('up');
  await seesThat(watch, 'the broker again', ({ broker }) => broker === true);
  held.release();
  const end = await watch.ended;
  expect(end.code).toBe(0);
  expect(looksOf(watch).at(-1)).toMatchObject({ table: held.table, stored: 4, waiting: 0, active: 0, complete: true, pointsPerSecond: expect.any(Number) as number });
  await consumer.end('SIGTERM');
});

test('without --json a watch prints a line at each look, and Ctrl-C ends it', async () => {
  await using space = openWorkspace('watch-lines');
  const watch = space.sluice('status', 'nothing_yet', '--watch', '--interval', '0.2');
  await until('three looks', () => watch.stdout.split('\n').length > 3);
  expect(watch.stdout.split('\n')[0]).toBe('0 of 0 stored, 0 waiting, 0 active, 0 failed; no rate yet; no broker is up');
  expect(await watch.end('SIGINT')).toMatchObject({ signal: 'SIGINT', stderr: '' });
});

test('status without a table tells of every table, a line each; a watch then asks for a name', async () => {
  await using space = openWorkspace('status-all');
  const small = ['--blocks', '2', '--nrow', '30', '--ncol', '20', '--table'];
  await space.json(['run', ...small, 'one']);
  expect(await space.json(['status'])).toMatchObject({ table: 'one', points: 2, stored: 2 });
  await space.json(['run', ...small, 'another']);
  expect(await space.json(['status'])).toMatchObject({ tables: [{ table: 'one', stored: 2 }, { table: 'another', points: 2, stored: 2 }] });
  expect((await space.sluice('status').ended).stdout).toBe(
    'table    experiment  points  stored  waiting  active  failed  dead letters\n' +
      'one      svd-block        2       2        0       0       0             0\n' +
      'another  svd-block        2       2        0       0       0             0\n' +
      'no broker is up\n',
  );
  expect(await space.json(['status', 'one'])).toMatchObject({ table: 'one' });
  expectRefusal(await space.sluice('status', '--watch', '--json').ended, { exit: 2, code: 'which-table', says: /one, another/ });
  expectRefusal(await space.sluice('status', 'one', '--watch', '--interval', '0', '--json').ended, { exit: 2, code: 'bad-option', says: /--interval "0": at least 0.2/ });
});
