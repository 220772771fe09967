import { expect, test } from 'vitest';
import type { Invocation } from '../../../cli/command.ts';
import { boundsOf, launchOptionsOf } from '../../../cli/launch-options.ts';
import { resolveSettings } from '../../../runtime/settings.ts';
import type { LaunchOptions } from '../../../slurm/launch-options.ts';

const PLACES = { checkout: '/a', node: '/a/node', connection: '/a/broker.json', logs: '/a/logs' };

/** What `sluice launch` with these words and options asks for. */
function asked(words: readonly string[], options: Invocation['options'] = {}): LaunchOptions {
  const invocation = { arguments: words, options } as unknown as Invocation;
  boundsOf(invocation);
  return launchOptionsOf(invocation, resolveSettings({}), '/data', PLACES);
}

test('array takes a number of tasks; large and cluster take one of nodes', () => {
  expect(asked(['array'], { tasks: '5' }).tasks).toBe(5);
  expect(asked(['large'], { nodes: '2' }).tasks).toBe(2);
  expect(asked(['cluster'], { nodes: '4' }).tasks).toBe(4);
});

test.each([
  ['array', 'nodes'],
  ['large', 'tasks'],
  ['cluster', 'tasks'],
])('%s refuses --%s', (way, option) => {
  expect(() => asked([way], { [option]: '3' })).toThrow(`not --${option}`);
});

test.each([[[], /^launch needs a way .* array, large, cluster/], [['mpi'], /^"mpi" is no way .* array, large, cluster/]])('launch of %j names the ways', (words, says) => {
  expect(() => asked(words)).toThrow(says);
});

test('without --nodes a cluster has at most as many as its bound says', () => {
  expect(asked(['cluster'], { max: '7' }).tasks).toBe(7);
});

test('an elastic launch has a name of its own, so that its controller does not take the tasks of another for its nodes', () => {
  const [elastic, fixed, array] = [asked(['cluster', 't']), asked(['cluster', 't'], { nodes: '2' }), asked(['array', 't'])];
  expect(elastic.name).not.toBe(array.name);
  expect(fixed.name).toBe(array.name);
});
