import { expect, test } from 'vitest';
import { checkCloudSettings } from '../../../../sink/upload/cloud-settings.ts';
import { jobIdOf } from '../../../../sink/upload/job-id.ts';
import { lastTaken } from '../../../../sink/upload/reconcile.ts';
import { parseTarget } from '../../../../sink/upload/target.ts';

test.each([
  ['my-project-1234.EMS', { project: 'my-project-1234', dataset: 'EMS' }],
  ['my-project-1234', { project: 'my-project-1234', dataset: 'EMS' }],
  ['stanford.edu:stats285.hw5', { project: 'stanford.edu:stats285', dataset: 'hw5' }],
])('%s names a project and a dataset', (text, expected) => {
  expect(parseTarget(text)).toMatchObject(expected);
});

test.each(['', 'Project', 'p.d.t', 'p.d`; DROP TABLE', 'p d', '1p.d'])('"%s" names none, and says what would', (text) => {
  expect(() => parseTarget(text)).toThrow(/expected PROJECT.DATASET/);
});

test('a job id differs by target, table, log and position, and is one that BigQuery takes', () => {
  const target = parseTarget('p.EMS');
  const ids = [jobIdOf(target, 't', '1', 0), jobIdOf(target, 't', '1', 1), jobIdOf(target, 't', '2', 0), jobIdOf(target, 'u', '1', 0), jobIdOf(parseTarget('p.other'), 't', '1', 0)];
  expect(new Set(ids).size).toBe(5);
  for (const id of ids) expect(id).toMatch(/^sluice_[tu]_[0-9a-f]{16}_[01]$/);
});

test.each([0, 1, 2, 3, 7, 8, 100, 1_023])('the last position that is taken is found, %i behind a known one, in few questions', async (behind) => {
  let questions = 0;
  const isTaken = async (position: number): Promise<boolean> => (questions++, position <= 5 + behind);
  expect(await lastTaken(isTaken, 5)).toBe(5 + behind);
  expect(questions).toBeLessThan(25);
});

test.each(['http://bigquery.example.com', 'ftp://127.0.0.1', 'nonsense'])('the endpoint %s is refused: a token would cross the network in plain', (endpoint) => {
  expect(() => checkCloudSettings({ bigquery: 'p', endpoint })).toThrow(/expected https/);
});

test('an endpoint on this machine, or by https, is taken', () => {
  for (const endpoint of ['http://127.0.0.1:9050', 'https://bigquery.example.com']) expect(checkCloudSettings({ bigquery: 'p.d', endpoint }).name).toBe('p.d');
});
