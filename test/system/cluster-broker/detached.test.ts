import { join } from 'node:path';
import { statSync } from 'node:fs';
import { expect, test } from 'vitest';
import { brokerFileIn, readBrokerFile, writeBrokerFile } from '../../../runtime/broker-file.ts';
import { raiseGeneration } from '../../../runtime/generation.ts';
import { processesIn } from '../harness/processes.ts';
import { until } from '../harness/until.ts';
import { openWorkspace } from '../harness/workspace.ts';

const SMALL = ['--blocks', '20', '--nrow', '30', '--ncol', '20'];

test('up --detach returns once its broker answers, which goes on without it, and down ends it', async () => {
  await using space = openWorkspace('detached');
  const told = await space.json(['up', '--detach', '--host', '127.0.0.2']);
  expect(told).toMatchObject({ broker: expect.stringMatching(/^rediss:\/\/127\.0\.0\.2:\d+$/), log: join(space.data, 'up.log') });
  expect(statSync(join(space.data, 'up.log')).mode & 0o777).toBe(0o600);
  await space.json(['enqueue', ...SMALL]);
  expect(await space.json(['consume', '--idle-exit', '0.5'])).toMatchObject({ rows: 20 });
  expect(await space.json(['down'])).toMatchObject({ stopped: true, pid: told['pid'], entries: 0, jobs: 0 });
  expect(await space.json(['status'])).toMatchObject({ stored: 20 });
  await until('nothing is left', () => processesIn(space.folder).length === 0);
});

test('up --detach fails with the line and the exit code of the `up` that fails', async () => {
  await using space = openWorkspace('detached-fails');
  expect(await space.json(['up', '--detach', '--host', '0.0.0.0'], 2)).toMatchObject({ error: { code: 'bad-host' } });
  await space.json(['up', '--detach']);
  expect(await space.json(['up', '--detach'], 1)).toMatchObject({ error: { code: 'sink-running' } });
  await space.json(['down']);
});

test('down tells of what is left, and the next up goes on with it', async () => {
  await using space = openWorkspace('detached-left');
  await space.json(['up', '--detach']);
  await space.json(['enqueue', ...SMALL]);
  const end = await space.sluice('down').ended;
  expect(end.stdout).toContain('20 jobs are left; `sluice up` goes on with them');
  await space.json(['up', '--detach']);
  expect(await space.json(['consume', '--idle-exit', '0.5'])).toMatchObject({ rows: 20 });
  await space.json(['down']);
});

test('a broker whose generation is overtaken ends with its sink and its Redis, and leaves the connection file of the newer one alone', async () => {
  await using space = openWorkspace('superseded');
  const up = space.sluice('up', '--json');
  await until('up is up', () => up.stdout.endsWith('}\n'));
  const file = brokerFileIn(space.data);
  const own = readBrokerFile(file)!;
  const raised = raiseGeneration(space.data);
  const newer = { ...own, host: 'another', generation: raised };
  writeBrokerFile(file, newer);
  const end = await up.ended;
  expect(end).toMatchObject({ code: 1, stderr: expect.stringContaining(`a newer broker (generation ${raised}, this is ${own.generation}) has taken over`) });
  await until('nothing is left', () => processesIn(space.folder).length === 0);
  expect(readBrokerFile(file)).toEqual(newer);
});
