import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startCommand, type Command } from '../harness/command.ts';
import { processesIn, sendSignal } from '../harness/processes.ts';
import { openRedis } from '../harness/redis.ts';
import { until } from '../harness/until.ts';
import { openWorkspace, type Workspace } from '../harness/workspace.ts';
import { expectOneLine } from './refusal.ts';

const SLUICE = join(import.meta.dirname, '..', '..', '..', 'cli', 'sluice.mjs');

/** A tmpfs of one's own needs util-linux's unshare and a kernel that allows user namespaces (or root). */
const canMount = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'none', tmpdir()]).status === 0;

/** Rows of 1,000 columns, 8 kB each: far more than the disk holds, and one that fits. */
const MANY = ['--blocks', '4000', '--nrow', '2', '--ncol', '1000'];

/** Runs the shell script with a small disk as the data folder; `$SLUICE` is the command, `$DATA` the folder. */
function onSmallDisk(space: Workspace, megabytes: number, script: string): Command {
  mkdirSync(space.data, { recursive: true });
  const environment = { ...process.env, HOME: space.folder, DATA: space.data, NODE: process.execPath, ENTRY: SLUICE, CI: '' };
  // Two quoted words: a checkout's path may hold spaces.
  const quoted = script.replaceAll('$SLUICE', '"$NODE" "$ENTRY"');
  const mounted = `mount -t tmpfs -o size=${megabytes}m none "$DATA" && ${quoted}`;
  // A test that is out of time does not come to the end of its workspace.
  onTestFinished(() => processesIn(space.folder).forEach(({ pid }) => sendSignal(pid, 'SIGKILL')));
  return startCommand('unshare', ['-rm', 'sh', '-c', mounted], space.folder, environment);
}

const needsMount = test.skipIf(!canMount && process.env['CI'] === undefined);

needsMount('a disk that fills up ends a run with one line and exit code 1; what it stored is whole and counted (needs unshare -rm)', async () => {
  await using space = openWorkspace('full-run');
  const after = '$SLUICE status --json > status.json; $SLUICE export --to rows.csv > /dev/null';
  const end = await onSmallDisk(space, 24, `$SLUICE run ${MANY.join(' ')} --json > run.json; code=$?; ${after}; exit $code`).ended;
  expectOneLine(end, 1, /no space|takes no more rows|No space left|disk|full/i);
  const { status, lines } = readBack(space);
  expect(status).toMatchObject({ points: 4000, failed: 0 });
  expect(lines).toBe(status.stored);
});

needsMount('a sink whose disk fills up keeps trying, loses nothing, and goes on when there is space (needs unshare -rm)', async () => {
  await using space = openWorkspace('full-sink');
  await using redis = await openRedis(space.folder);
  const blocks = ['--blocks', '1500', '--nrow', '2', '--ncol', '1000'];
  const sink = onSmallDisk(
    space,
    32,
    `head -c ${26 * 2 ** 20} /dev/zero > "$DATA/reserve"
    $SLUICE sink --redis "$(cat url)" & sink=$!
    while [ ! -e room ]; do sleep 0.05; done
    rm "$DATA/reserve"
    while [ ! -e leave ]; do sleep 0.05; done
    kill $sink; wait $sink; code=$?
    $SLUICE status --json > status.json; $SLUICE export --to rows.csv > /dev/null; exit $code`,
  );
  writeFileSync(join(space.folder, 'url'), redis.url);
  await space.json(['enqueue', ...blocks, '--redis', redis.url]);
  const consumer = space.sluice('consume', '--redis', redis.url, '--log-level', 'error');
  await until('the sink says that it cannot go on', () => /cannot go on.*no space is left|no space is left.*cannot go on/.test(sink.stderr));
  writeFileSync(join(space.folder, 'room'), '');
  const { broker } = redis;
  await until('all rows are committed', async () => {
    const jobs = await broker.redis.keys('sluice:queue:svd_block:p*');
    return jobs.length === 0 && (await broker.redis.xlen(broker.names.stream)) === 0;
  });
  expect((await consumer.end('SIGTERM')).stderr).toBe('');
  writeFileSync(join(space.folder, 'leave'), '');
  const end = await sink.ended;
  expect(end.stderr).not.toMatch(/unexpected:|\.ts:\d+/);
  const { status, lines } = readBack(space);
  expect(status).toMatchObject({ points: 1500, stored: 1500, failed: 0 });
  expect(lines).toBe(1500);
});

interface ReadBack {
  readonly status: { readonly points: number; readonly stored: number; readonly failed: number };
  /** Rows of the export. */
  readonly lines: number;
}

function readBack(space: Workspace): ReadBack {
  const read = (name: string): string => readFileSync(join(space.folder, name), 'utf8');
  return { status: JSON.parse(read('status.json')) as ReadBack['status'], lines: read('rows.csv').trimEnd().split('\n').length - 1 };
}
