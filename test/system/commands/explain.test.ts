import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { brokerFileIn } from '../../../runtime/broker-file.ts';
import { takeLease } from '../../../sink/lease.ts';
import { holdPoints } from '../harness/held-points.ts';
import { nameBroker } from '../harness/named-broker.ts';
import { openRedis } from '../harness/redis.ts';
import { until } from '../harness/until.ts';
import { openWorkspace, type Workspace } from '../harness/workspace.ts';

/** The codes of the reasons that `explain` gives for the table. */
async function reasons(space: Workspace, table: string): Promise<string[]> {
  const { reasons: given } = (await space.json(['explain', table])) as { reasons: { code: string }[] };
  return given.map(({ code }) => code);
}

test('explain tells what a table waits for, from before there is anything to its last row', async () => {
  await using space = openWorkspace('explain');
  const held = holdPoints(space, 4);
  expect(await reasons(space, held.table)).toEqual(['unknown-table']);

  const up = space.sluice('up');
  await until('the broker is up', () => existsSync(brokerFileIn(space.data)));
  await space.json(['enqueue', held.spec]);
  expect(await reasons(space, held.table)).toEqual(['no-consumers']);

  const consumer = space.sluice('consume', '--threads', '2');
  await until('both slots are told to be busy', async () => (await reasons(space, held.table)).includes('all-busy'));

  await up.end('SIGKILL');
  expect((await space.sluice('explain', held.table).ended).stdout).toMatch(/^the broker of .*broker\.json does not answer; type `npx sluice up`\n/);

  space.sluice('up');
  held.release();
  await until('the table is complete', async () => (await reasons(space, held.table)).includes('complete'));
  await consumer.end('SIGTERM');
});

test('explain tells of a sink that commits nothing although it is there, however few the rows that wait', async () => {
  await using space = openWorkspace('explain-behind');
  await using redis = await openRedis(space.folder);
  nameBroker(space.data, redis.url);
  const held = holdPoints(space, 4);
  await space.json(['enqueue', held.spec]);
  const lease = await takeLease(redis.broker, space.data, () => {});
  const line = await until('it is behind', async () => /^the sink is behind.*$/m.exec((await space.sluice('explain', held.table).ended).stdout)?.[0]);
  // Its plan is what waits.
  expect(line).toMatch(/^the sink is behind by 1 row and \d+ s$/);
  await lease.close();
});

test('points that failed are told by their message, with what to type', async () => {
  await using space = openWorkspace('explain-failed');
  writeFileSync(join(space.folder, 'broken.ts'), "export const name = 'broken';\nexport const version = '1';\nexport function run({ a }: { a: number }) {\n  if (a > 1) throw new TypeError('no such thing');\n  return { a2: a };\n}\n");
  writeFileSync(join(space.folder, 'spec.json'), JSON.stringify({ experiment: './broken.ts', table_name: 'broken', params: [{ a: [1, 2, 3, 4] }] }));
  expect(await space.sluice('run', 'spec.json', '--attempts', '1').ended).toMatchObject({ code: 1 });
  expect((await space.sluice('explain', 'broken').ended).stdout).toMatch(/^broken is complete: 1 of 4 points stored, 3 failed\n3 points failed: TypeError: no such thing.*; type `npx sluice retry broken`\n$/);
});
