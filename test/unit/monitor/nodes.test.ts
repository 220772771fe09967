import { expect, test } from 'vitest';
import { nodeLines, nodesOf } from '../../../monitor/nodes.ts';
import { seen } from './seen.ts';

test('consumers of one node are told of together, and lost ones come last', () => {
  const nodes = nodesOf([
    seen({ id: 'a', host: 'node1', alive: false, agoMs: 40_000, job: '123_9', rows: 3 }),
    seen({ id: 'b', host: 'node2', agoMs: 4_000, job: '123_2', running: 1 }),
    seen({ id: 'c', host: 'node1', job: '123_3' }),
    seen({ id: 'd', host: 'node1', job: '123_1', agoMs: 2_000, running: 3 }),
    seen({ id: 'e', host: 'node1', state: 'leaving', job: null, running: 0 }),
  ]);
  expect(nodeLines(nodes)).toEqual([
    'node   SLURM job    state    computing  rows  last seen',
    'node1  -            leaving  0 of 4       10  1 s ago',
    'node1  123_1 123_3  taking   7 of 8       20  2 s ago',
    'node2  123_2        taking   1 of 4       10  4 s ago',
    'node1  123_9        lost     -             3  40 s ago',
  ]);
});

test('a node with many jobs names two and counts the rest', () => {
  const many = Array.from({ length: 12 }, (_, index) => seen({ id: `c${index}`, job: `7_${index + 10}` }));
  expect(nodeLines(nodesOf(many))[1]).toBe('node1  7_10 7_11 +10  taking  48 of 48    120  1 s ago');
});

test('without consumers there is no table of nodes', () => {
  expect(nodeLines([])).toEqual([]);
});
