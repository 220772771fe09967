import { expect, test } from 'vitest';
import { judge } from '../../../store/identity.ts';
import { APPLICATION_ID, SCHEMA_VERSION } from '../../../store/schema.ts';

test('judge(applicationId, userVersion, tables) knows ours, newer ones, and those of others', () => {
  expect(judge(APPLICATION_ID, SCHEMA_VERSION, 9)).toBe('ours');
  expect(judge(APPLICATION_ID, SCHEMA_VERSION + 1, 9)).toBe('newer');
  expect(judge(0, 0, 0)).toBe('empty');
  expect([judge(0, 0, 1), judge(0, 7, 0), judge(42, 0, 0), judge(42, SCHEMA_VERSION, 9)]).toEqual([
    'foreign',
    'foreign',
    'foreign',
    'foreign',
  ]);
});

test('the application id spells SLCE', () => {
  expect(Buffer.from(APPLICATION_ID.toString(16), 'hex').toString()).toBe('SLCE');
});
