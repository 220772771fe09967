import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { SQUEUE_MS } from '../../slurm/queue.ts';
import type { Command } from '../system/harness/command.ts';
import { until } from '../system/harness/until.ts';
import { callsOf, leastGapMs } from './harness/calls.ts';
import { ownCluster } from './harness/own-cluster.ts';
import type { Plan } from './harness/plan.ts';
import { slurm } from './harness/places.ts';
import { openProject, type Project } from './harness/project.ts';
import { enqueueSlow, expectComplete, SLOW, underway } from './harness/slow-points.ts';
import { untilTold } from './harness/until-told.ts';
import { startAs } from './harness/users.ts';

const plan = ownCluster();

/** Fewer than the cluster has, so that a bound that is not kept shows. */
const MOST = 2;
const POINTS = 400;
/** With eight CPUs 50 rounds: half a minute, in which a controller can be killed. */
const SECONDS = 0.5;
const IDLE_EXIT_SECONDS = 5;

/** What a user's .bashrc may hold: without care it renames, unlimits and hides the jobs that the controller has to find. */
const OF_BASHRC = { SBATCH_JOB_NAME: 'mine', SBATCH_OUTPUT: '/dev/null', SBATCH_NO_REQUEUE: '1', SBATCH_SIGNAL: 'KILL@1', SQUEUE_NAMES: 'mine', SQUEUE_STATES: 'PD', SCANCEL_NAME: 'mine' };

/** The date command's clock, which the calls are noted by, is a whole millisecond. */
const CLOCK_MS = 1;

function startController({ folder, environment }: Project, ...options: string[]): Command {
  const command = ['sluice', 'launch', 'cluster', SLOW, '--max', String(MOST), '--idle-exit', String(IDLE_EXIT_SECONDS), ...options];
  return startAs(plan, 'ada', command, { folder, environment: { ...environment, ...OF_BASHRC } });
}

/** Ada's tasks that have a node or wait for one, as SLURM itself sees them. */
async function tasks(plan: Plan): Promise<number> {
  const listed = await slurm(plan, 'squeue', '--user=ada', '--array', '--noheader', '--states=PENDING,RUNNING', '--format=%i');
  return listed.split('\n').filter((line) => line !== '').length;
}

/** Counts the tasks again and again until it is closed, and remembers the most there were at once. */
function watchTasks(): AsyncDisposable & { readonly most: number } {
  const end = new AbortController();
  let most = 0;
  const watching = (async () => {
    for (; !end.signal.aborted; await delay(300)) most = Math.max(most, await tasks(plan));
  })();
  return {
    get most() {
      return most;
    },
    [Symbol.asyncDispose]: async () => {
      end.abort();
      await watching;
    },
  };
}

const submissionsIn = (text: string): number => [...text.matchAll(/^job \d+: \d+ more node/gm)].length;

test('nodes come when 400 points arrive, never more than the bound; they go with the work; a killed controller is replaced by another', async () => {
  const beganMs = Date.now();
  await using project = await openProject(plan, 'elastic');
  await using watched = watchTasks();
  const first = startController(project);
  await until('the controller has seen that there is nothing to do', () => callsOf(plan, 'squeue', beganMs).length > 0, 120_000);
  expect(await tasks(plan)).toBe(0);

  await enqueueSlow(plan, project, POINTS, SECONDS);
  await underway(project, POINTS / 10);
  expect(submissionsIn(first.stdout)).toBe(1);
  await first.end('SIGKILL');

  const second = startController(project);
  await expectComplete(project, POINTS);
  expect(await second.ended).toMatchObject({ code: 0, stderr: '' });
  const completeMs = Date.now();
  await untilTold('no node is left', async () => (await tasks(plan)) === 0);
  expect(Date.now() - completeMs).toBeLessThan((IDLE_EXIT_SECONDS + 10) * 1000);

  expect(watched.most).toBe(MOST);
  const submissions = submissionsIn(first.stdout) + submissionsIn(second.stdout);
  const calls = callsOf(plan, 'sbatch', beganMs).filter(({ parameters }) => !parameters.includes('--test-only'));
  expect(calls).toHaveLength(submissions);
  expect(submissions).toBeLessThanOrEqual(2);
  expect(leastGapMs(callsOf(plan, 'squeue', beganMs))).toBeGreaterThanOrEqual(SQUEUE_MS - CLOCK_MS);
});

test('a second controller of a table is refused while the first lives', async () => {
  await using project = await openProject(plan, 'elastic-twice');
  const first = startController(project);
  await until('the first controller looks after the table', () => first.stdout.includes('between 0 and 2 nodes'), 120_000);
  expect(await startController(project).ended).toMatchObject({ code: 1, stderr: expect.stringMatching(/^sluice: a `launch cluster` \(\d+@\S+\) looks after the nodes of slow already/) as string });
  expect(await first.end('SIGINT')).toMatchObject({ signal: 'SIGINT' });
});

test('a job that ends before its consumer was seen is a failure: told, and not submitted again at once', async () => {
  const beganMs = Date.now();
  await using project = await openProject(plan, 'elastic-failing');
  await enqueueSlow(plan, project, POINTS, SECONDS);
  const controller = startController(project, '--setup', 'exit 1');
  const failure = /^job (\d+) ended before a consumer of it was seen; its logs are called sluice\.elastic-slow-\w+-\1_\*\.log$/m;
  await until('the failure is told', () => failure.test(controller.stdout), 180_000);
  const toldMs = Date.now();
  await until('it submits again', () => submissionsIn(controller.stdout) === 2, 180_000);
  expect(Date.now() - toldMs).toBeGreaterThan(25_000);
  await controller.end('SIGINT');
  expect(leastGapMs(callsOf(plan, 'squeue', beganMs))).toBeGreaterThanOrEqual(SQUEUE_MS - CLOCK_MS);
});
