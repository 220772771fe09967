import { expect, test } from 'vitest';
import { reasonInWords } from '../../../monitor/pending-reason.ts';

test.each([
  ['Resources', 'no node has room yet'],
  ['BeginTime', 'two minutes'],
  ['QOSMaxCpuPerUserLimit', 'a limit of your quality of service'],
  ['AssocGrpCpuLimit', 'a limit of your account'],
  ['ReqNodeNotAvail, UnavailableNodes:node[1-3]', 'down, drained or reserved'],
  ['Nodes required for job are DOWN, DRAINED or reserved for jobs in higher priority partitions', 'down, drained or reserved'],
  ['PartitionTimeLimit', 'never start'],
])('%s is put into words', (reason, words) => {
  expect(reasonInWords(reason)).toMatch(new RegExp(`^${reason.slice(0, 8)}.*: .*${words}`));
});

test('a reason that is in no manual stays as it is, and none is said to be none', () => {
  expect(reasonInWords('Whatever')).toBe('Whatever');
  expect(reasonInWords('')).toBe('SLURM gives no reason');
});
