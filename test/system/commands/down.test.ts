import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import { brokerFileIn, readBrokerFile, writeBrokerFile } from '../../../runtime/broker-file.ts';
import { expectRefusal } from '../bad-input/refusal.ts';
import { startCommand } from '../harness/command.ts';
import { holdPoints } from '../harness/held-points.ts';
import { until } from '../harness/until.ts';
import { openWorkspace } from '../harness/workspace.ts';

/** A program that does nothing until it is ended. */
const IDLE = ['-e', 'setInterval(() => {}, 1e6)'];

/** A port at which nothing listens: no server may be asked for port 1. */
const DEAD_URL = 'redis://:secret@127.0.0.1:1';

test('down leaves a process alone whose number is in a connection file that its writer has left behind', async () => {
  await using space = openWorkspace('stale');
  const bystander = startCommand(process.execPath, IDLE, space.folder, process.env);
  try {
    const file = { url: DEAD_URL, namespace: 'sluice', by: 'up', pid: bystander.pid, host: hostname(), data: space.data, startedAtMs: 0, generation: 0 } as const;
    writeBrokerFile(brokerFileIn(space.data), file);
    expect(await space.json(['down'])).toEqual({ stopped: false });
    expect(bystander.gone).toBe(false);
  } finally {
    await bystander.end('SIGKILL');
  }
});

test('during a run down and cancel are refused, and the run completes', async () => {
  await using space = openWorkspace('down-run');
  const held = holdPoints(space, 2);
  const run = space.sluice('run', held.spec, '--threads', '2');
  await until('the points have started', () => held.told().length === 2);
  expect(readBrokerFile(brokerFileIn(space.data))).toMatchObject({ by: 'run', pid: run.pid });
  for (const line of [['down'], ['cancel', held.table]]) {
    const end = await space.sluice(...line, '--json').ended;
    expectRefusal(end, { exit: 1, code: 'run-underway', says: new RegExp(`\`sluice run\` \\(process ${run.pid}\\) is computing`) });
  }
  held.release();
  expect(await run.ended).toMatchObject({ code: 0, stderr: '' });
});
