import { expect, test } from 'vitest';
import { fewestCpusIn } from '../../../slurm/node-cpus.ts';

test('the smallest node of those that sinfo lists, where `+` stands for larger ones too', () => {
  expect(fewestCpusIn('64\n8+\n 128 \n')).toBe(8);
});

test('nothing is known of a cluster that lists none', () => {
  expect(fewestCpusIn('')).toBeUndefined();
  expect(fewestCpusIn('sinfo: error: Invalid partition\n0\n')).toBeUndefined();
});
