import { chownSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { readTable, storedRows } from '../system/harness/table.ts';
import { until } from '../system/harness/until.ts';
import { ownCluster } from './harness/own-cluster.ts';
import { COMPLETE_MS, endJobs, openProject, type SeenOnNode } from './harness/project.ts';
import { homeOf, NODES, USERS } from './harness/plan.ts';
import { hostsOf } from './harness/provenance.ts';
import { untilTold } from './harness/until-told.ts';
import { startAs } from './harness/users.ts';

const plan = ownCluster();

const TABLE = 'svd_block';
const BLOCKS = 1_000;

/** Whole nodes have four CPUs and what this machine gives them of it; CPUs that are asked for are given. */
const WAYS = [
  ['array', ['--tasks', '12'], 12, NODES],
  ['large', ['--cpus', '4', '--mem', '3G'], 1, ['one']],
  ['cluster', ['--nodes', '3'], 3, NODES],
] as const;

/** The rows of a run in one process on one machine. */
const local = { cells: new Map<string, readonly unknown[]>() };

beforeAll(async () => {
  const folder = join(homeOf(plan.homes, 'ada'), 'projects', 'local');
  mkdirSync(folder, { recursive: true });
  for (const path of [folder, dirname(folder)]) chownSync(path, USERS.ada, USERS.ada);
  const end = await startAs(plan, 'ada', ['sluice', 'run', 'svd-block', '--blocks', String(BLOCKS), '--json'], { folder }).ended;
  expect(end).toMatchObject({ code: 0, stderr: '' });
  local.cells = new Map(readTable(join(folder, 'data'), TABLE).cells);
  expect(local.cells.size).toBe(BLOCKS);
});

describe('1,000 blocks of 1000 x 1000 are computed as in one process, to the last bit,', () => {
  test.each(WAYS)('by launch %s', async (way, options, consumers, nodes) => {
    await using project = await openProject(plan, `launch-${way}`);
    await project.launch(way, consumers, TABLE, ...options);
    await project.sluice('enqueue', 'svd-block', '--blocks', String(BLOCKS));
    await project.stored(TABLE, BLOCKS);
    const table = readTable(project.data, TABLE);
    expect(table).toMatchObject({ rows: BLOCKS, distinctKeys: BLOCKS, failures: 0, deadLetters: 0, attempts: 1 });
    expect(table.cells).toEqual(local.cells);
    expect(hostsOf(project.data, TABLE)).toHaveLength(nodes.length);
  });

  test.each(WAYS)('by sbatch slurm/%s.sbatch as it stands', async (way, _, consumers, nodes) => {
    const sluice = async (...parameters: string[]) => await startAs(plan, 'ada', ['sluice', ...parameters, '--json'], { folder: plan.checkout }).ended;
    const data = join(plan.checkout, 'data');
    expect(await sluice('up', '--host', 'auto', '--detach')).toMatchObject({ code: 0 });
    try {
      const submitted = await startAs(plan, 'ada', ['sbatch', `slurm/${way}.sbatch`], { folder: plan.checkout }).ended;
      expect(submitted).toMatchObject({ code: 0, stderr: '' });
      const alive = async (): Promise<SeenOnNode[]> => (JSON.parse((await sluice('status')).stdout) as { consumers: SeenOnNode[] }).consumers.filter((one) => one.alive);
      await untilTold('consumers take jobs on all nodes', async () => new Set((await alive()).map(({ host }) => host)).size >= nodes.length);
      // Not once all are there: as it stands the script has the first leave when they were idle for half a minute.
      await sluice('enqueue', 'svd-block', '--blocks', String(BLOCKS), '--table', way);
      const come = new Set<string>();
      await untilTold('all its consumers have come', async () => {
        for (const { host, pid } of await alive()) come.add(`${host} ${pid}`);
        return come.size >= consumers;
      });
      await until('all rows are stored', () => storedRows(data, way) >= BLOCKS, COMPLETE_MS);
      const table = readTable(data, way);
      expect(table).toMatchObject({ rows: BLOCKS, distinctKeys: BLOCKS, failures: 0, attempts: 1 });
      expect([...table.cells.values()].sort(bySeed)).toEqual([...local.cells.values()].sort(bySeed));
      expect(hostsOf(data, way)).toHaveLength(nodes.length);
    } finally {
      await endJobs(plan);
      await sluice('down');
    }
  });
});

test('an experiment that is a Python program is computed on the nodes', async () => {
  await using project = await openProject(plan, 'python');
  await project.launch('cluster', NODES.length, 'estimate_pi');
  await project.sluice('enqueue', join(plan.checkout, 'examples', 'estimate-pi', 'spec.json'), '--table', 'estimate_pi');
  const { points } = await project.sluice('status', 'estimate_pi');
  await project.stored('estimate_pi', Number(points));
  expect(readTable(project.data, 'estimate_pi')).toMatchObject({ rows: Number(points), failures: 0, attempts: 1 });
  expect([...NODES]).toEqual(expect.arrayContaining(hostsOf(project.data, 'estimate_pi')));
});

/** Rows by their seed, which is their third cell. */
function bySeed(a: readonly unknown[], b: readonly unknown[]): number {
  return Number(a[2]) - Number(b[2]);
}
