import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { processesIn } from '../system/harness/processes.ts';
import { until } from '../system/harness/until.ts';
import { ownCluster } from './harness/own-cluster.ts';
import { LOGIN_ADDRESS, NODES, OUTSIDE_ADDRESS, planCluster } from './harness/plan.ts';
import { startAs } from './harness/users.ts';

const plan = ownCluster();

/** A number far from those that anybody gives. */
const ANOTHER = plan.id + 1_000;

test('three nodes run a job step of an ordinary user, each under its own name', async () => {
  const end = await startAs(plan, 'ada', ['srun', `--nodes=${NODES.length}`, 'hostname']).ended;
  expect(end.stdout.trim().split('\n').sort()).toEqual([...NODES]);
});

test('a node has a route to its own network and to nothing else', async () => {
  const script = `ip -o route; for address in ${LOGIN_ADDRESS} ${OUTSIDE_ADDRESS} 198.51.100.1; do ip route get $address > /dev/null 2>&1 && echo "reaches $address"; done; true`;
  const end = await startAs(plan, 'ada', ['srun', '--nodes=1', 'bash', '-c', script]).ended;
  const lines = end.stdout.trim().split('\n');
  expect(lines.filter((line) => line.startsWith('reaches'))).toEqual([`reaches ${LOGIN_ADDRESS}`]);
  expect(lines[0]).toMatch(/^10\.77\.0\.0\/24 dev eth0 /);
  expect(lines).toHaveLength(2);
});

test('a cluster is gone within seconds of the death of the one who brought it up, by SIGKILL', async () => {
  const main = join(import.meta.dirname, 'harness', 'main.ts');
  const owner = spawn(process.execPath, [main, 'up', String(ANOTHER)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const { folder } = planCluster(ANOTHER);
  try {
    await new Promise((resolve) => void owner.stdout.once('data', resolve));
    expect(processesIn(folder).length).toBeGreaterThan(NODES.length);
  } finally {
    owner.kill('SIGKILL');
  }
  await until('nothing of the cluster is left', () => processesIn(folder).length === 0 && !existsSync(folder), 120_000);
});
