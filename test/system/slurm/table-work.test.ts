import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openTableWork } from '../../../cli/table-work.ts';
import { connectBroker } from '../../../runtime/broker.ts';
import { brokerFileIn, findBroker } from '../../../runtime/broker-file.ts';
import { resolveSettings } from '../../../runtime/settings.ts';
import { databasePath } from '../../../store/open.ts';
import { holdPoints } from '../harness/held-points.ts';
import { until } from '../harness/until.ts';
import { openWorkspace } from '../harness/workspace.ts';

const POINTS = 4;

test('the work of a table outlives a database that cannot be read and a broker that comes back empty', async () => {
  await using space = openWorkspace('table-work');
  const held = holdPoints(space, POINTS);
  space.sluice('up');
  await until('the broker is up', () => existsSync(brokerFileIn(space.data)));
  const settings = resolveSettings({ options: { data: space.data } });
  const look = openTableWork(settings, held.table, 2);
  await space.json(['enqueue', held.spec]);
  await until('the plan is committed and queued', async () => (await look())?.unsettled === POINTS);
  const seen = { missing: POINTS, unsettled: POINTS, isOver: false };
  expect(await look()).toMatchObject({ ...seen, trouble: undefined });

  const path = databasePath(space.data);
  for (const end of ['', '-wal', '-shm']) if (existsSync(path + end)) renameSync(path + end, `${path}${end}.kept`);
  writeFileSync(path, 'no database');
  expect(await look()).toMatchObject({ ...seen, trouble: expect.stringContaining(path) as string });

  await using broker = await connectBroker(findBroker(settings)!);
  await broker.redis.flushall();
  expect(await look()).toMatchObject({ ...seen, missing: 0 });
});
