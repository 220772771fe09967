import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { brokerFolderIn } from '../../../cli/own-broker.ts';
import { brokerFileIn, readBrokerFile } from '../../../runtime/broker-file.ts';
import { lockForWriting } from '../../../store/lock.ts';
import { HAS_PROC, isConnected } from '../harness/processes.ts';
import { connectTo, killRedis, openRedis } from '../harness/redis.ts';
import { until } from '../harness/until.ts';
import { openWorkspace } from '../harness/workspace.ts';

// Where there is no /proc, the moment cannot be seen, and the tests are skipped.
describe.skipIf(!HAS_PROC)('asked to stop while it still waits for a Redis that does not answer, there leaves', () => {
  test.each(['consume', 'sink'])('%s', async (command) => {
    await using workspace = openWorkspace('starting');
    await using redis = await openRedis(workspace.folder);
    await redis.hold();
    const service = workspace.sluice(command, '--redis', redis.url);
    await until('it has connected', () => isConnected(service.pid, Number(new URL(redis.url).port)));
    service.signal('SIGTERM');
    redis.resume();
    expect(await service.ended).toMatchObject({ code: null, signal: 'SIGTERM' });
  });
});

test('a sink that is asked to stop while it starts leaves the database, also where its Redis has died', async () => {
  await using workspace = openWorkspace('starting-sink');
  await using redis = await openRedis(workspace.folder);
  // Redis answers questions and holds back what writes: the lease.
  await redis.broker.redis.call('CLIENT', 'PAUSE', '600000', 'WRITE');
  const sink = workspace.sluice('sink', '--redis', redis.url);
  await until('it has the database, and waits for the lease', async () => String(await redis.broker.redis.client('LIST')).includes('cmd=eval'));
  expect(() => lockForWriting(workspace.data)).toThrow(/a sink/);
  await redis.kill();
  sink.signal('SIGTERM');
  expect(await sink.ended).toMatchObject({ code: null, signal: 'SIGTERM' });
  lockForWriting(workspace.data).release();
});

test('a broker that is asked to stop while it plans ends, also where its Redis cannot be started again', async () => {
  await using workspace = openWorkspace('planning');
  const up = workspace.sluice('up', '--json');
  await until('up is up', () => up.stdout.endsWith('}\n'));
  await workspace.json(['enqueue', '--blocks', '2', '--nrow', '30', '--ncol', '20']);
  await using broker = await connectTo(readBrokerFile(brokerFileIn(workspace.data))!.url);
  // A file where the server's folder was.
  renameSync(brokerFolderIn(workspace.data), join(workspace.folder, 'away'));
  writeFileSync(brokerFolderIn(workspace.data), '');
  await killRedis(broker);
  // The waits between the tries grow: after seven, 6 s are over, and the tables are looked at every 5 s.
  await until('it has looked at the tables since', () => up.stderr.split('a part could not be started').length > 7);
  up.signal('SIGTERM');
  expect(await up.ended).toMatchObject({ code: null, signal: 'SIGTERM' });
});
