import { describe, expect, test } from 'vitest';
import { HAS_PROC, isConnected } from '../harness/processes.ts';
import { openRedis } from '../harness/redis.ts';
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
