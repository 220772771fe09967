import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { connectBroker, type Broker } from '../../../runtime/broker.ts';
import { brokerFileIn, readBrokerFile } from '../../../runtime/broker-file.ts';
import { parseRedisUrl } from '../../../runtime/redis-address.ts';
import { readLease } from '../../../sink/lease.ts';
import type { Command } from '../harness/command.ts';
import { processesIn, sendSignal } from '../harness/processes.ts';
import { killRedis } from '../harness/redis.ts';
import { isPlanned, readTable, storedRows } from '../harness/table.ts';
import { until } from '../harness/until.ts';
import { openWorkspace, type Workspace } from '../harness/workspace.ts';

const TABLE = 'svd_block';
const POINTS = 600;
const BLOCKS = ['svd-block', '--blocks', String(POINTS), '--nrow', '4000', '--ncol', '40'];

/** Longest wait for a table: the locks of killed consumers, the planner's interval, and a busy machine. */
const COMPLETE_MS = 180_000;

const COMPLETE = { rows: POINTS, distinctKeys: POINTS, distinctPoints: POINTS, failures: 0, deadLetters: 0, attempts: 1 };

describe('up, enqueue and two consumers in four processes', () => {
  test('complete the table although each is killed and started again in turn', async () => {
    await using workspace = openWorkspace('four');
    const { data } = workspace;
    let up = await startUp(workspace);
    // It stays until the last job has found room, so that it can be killed before.
    const enqueue = () => workspace.sluice('enqueue', ...BLOCKS, '--waiting', '100');
    let enqueuing = enqueue();
    await until('the plan is stored', () => isPlanned(data, TABLE));
    const consume = () => workspace.sluice('consume', '--threads', '1');
    const consumers = [consume(), consume()];
    const progress = async (rows: number): Promise<void> =>
      void (await until(`${rows} rows are stored`, () => storedRows(data, TABLE) >= rows, COMPLETE_MS));
    await progress(40);
    expect(await enqueuing.end('SIGKILL')).toMatchObject({ signal: 'SIGKILL' });
    enqueuing = enqueue();
    await progress(100);
    for (const [index, rows] of [160, 220].entries()) {
      await consumers[index]?.end('SIGKILL');
      const next = consume();
      consumers[index] = next;
      await until('the next consumer is at work', () => next.stderr.includes('serving a table'));
      await progress(rows);
    }
    await up.end('SIGKILL');
    await until('its Redis and its sink have ended', () => !processesIn(workspace.folder).some(({ command }) => /redis-server|valkey-server| sink /.test(command)));
    up = await startUp(workspace);
    await until('every row is stored', () => storedRows(data, TABLE) === POINTS, COMPLETE_MS);
    // Consumers wait for a broker that was killed; an `enqueue` that has queued all has left.
    for (const consumer of consumers) expect(await consumer.end('SIGTERM')).toMatchObject({ code: null, signal: 'SIGTERM' });
    await enqueuing.end('SIGTERM');
    expect(await up.end('SIGTERM')).toMatchObject({ code: null, signal: 'SIGTERM' });
    expect(readTable(data, TABLE)).toMatchObject(COMPLETE);
    expect(processesIn(workspace.folder)).toEqual([]);
  });
});

describe('sluice up', () => {
  test('starts its sink and its Redis again when they are killed, and plans again into one that came back empty', async () => {
    await using workspace = openWorkspace('up');
    const { data } = workspace;
    const up = await startUp(workspace);
    await using broker = await brokerOf(data);
    await workspace.json(['enqueue', ...BLOCKS]);
    await until('the plan is stored', () => isPlanned(data, TABLE));
    const consumer = workspace.sluice('consume', '--threads', '1');
    const progress = async (rows: number): Promise<void> =>
      void (await until(`${rows} rows are stored`, () => storedRows(data, TABLE) >= rows, COMPLETE_MS));
    await progress(50);
    sendSignal((await readLease(broker))?.pid ?? 0, 'SIGKILL');
    await progress(150);
    await killRedis(broker);
    await progress(250);
    // The file is gone before its server is, which so comes back empty.
    rmSync(join(data, 'broker', 'appendonlydir'), { recursive: true });
    await killRedis(broker);
    await until('every row is stored', () => storedRows(data, TABLE) === POINTS, COMPLETE_MS);
    expect(consumer.gone).toBe(false);
    await consumer.end('SIGTERM');
    expect(await workspace.json(['down'])).toEqual({ stopped: true, pid: up.pid, entries: 0, jobs: 0 });
    expect(readTable(data, TABLE)).toMatchObject(COMPLETE);
  });
});

/** Starts `sluice up` and waits until its broker file is there. */
async function startUp(workspace: Workspace): Promise<Command> {
  const up = workspace.sluice('up', '--batch-rows', '20');
  await until('a broker is up', () => readBrokerFile(brokerFileIn(workspace.data))?.pid === up.pid);
  return up;
}

async function brokerOf(data: string): Promise<Broker> {
  const url = readBrokerFile(brokerFileIn(data))?.url ?? '';
  return await connectBroker({ address: parseRedisUrl(url), namespace: 'sluice', advice: '' });
}
