import { expect, test } from 'vitest';
import { nodeStatesIn } from '../../../slurm/node-states.ts';

test('each node with its state, once for all its partitions; a star means that it does not answer', () => {
  expect([...nodeStatesIn('node1 idle\nnode1 idle\nnode2 down*\nnode3 mixed*\n')]).toEqual([['node1', 'idle'], ['node2', 'down'], ['node3', 'mixed and does not answer']]);
});

test('nothing where sinfo knows none', () => {
  expect(nodeStatesIn('').size).toBe(0);
});
