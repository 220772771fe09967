import { expect, test } from 'vitest';
import { nodeAddressesIn } from '../../../slurm/node-addresses.ts';

// As SLURM 22.05 prints them, shortened.
const LISTING = `NodeName=node1 Arch=x86_64 CoresPerSocket=4 CPUAlloc=0 NodeAddr=10.77.0.11 NodeHostName=node1 Port=6818 Version=22.05.8
NodeName=node2 Arch=x86_64 CoresPerSocket=4 CPUAlloc=0 NodeAddr=node2.cluster NodeHostName=node2 Port=6818 Version=22.05.8 Comment=NodeAddress=x
`;

test('each node of the listing tells its address', () => {
  expect(nodeAddressesIn(LISTING)).toEqual(['10.77.0.11', 'node2.cluster']);
});

test('where there are no nodes there is none', () => {
  expect(nodeAddressesIn('No nodes in the system\n')).toEqual([]);
});
