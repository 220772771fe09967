import { ReplyError } from 'ioredis';
import { expect, test } from 'vitest';
import { knownError } from '../../../cli/known-error.ts';
import { SluiceError } from '../../../runtime/errors.ts';

function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: no luck, write`), { code });
}

test('an error of ours is known as it is', () => {
  const error = new SluiceError('a-code', 'a line');
  expect(knownError(error)).toBe(error);
});

test.each([['ENOSPC', 'disk-full'], ['EDQUOT', 'disk-full'], ['EROFS', 'not-writable'], ['EACCES', 'not-writable']])('%s is no defect but the place, with advice', (code, ours) => {
  expect(knownError(systemError(code))).toMatchObject({ code: ours, exitCode: 1, message: expect.stringMatching(/--data DIR$/) });
});

test('a command that Redis refuses is no defect', () => {
  expect(knownError(new ReplyError('OOM command not allowed'))).toMatchObject({ code: 'redis-refuses', message: expect.stringContaining('OOM') });
});

test('SQLite\'s full disk is no defect', () => {
  const error = Object.assign(new Error('database or disk is full'), { code: 'ERR_SQLITE_ERROR', errcode: 13 });
  expect(knownError(error)).toMatchObject({ code: 'database-full' });
});

test('of an error that came up while another was cleaned up after, the first one is told', () => {
  const first = new SluiceError('first', 'the cause');
  expect(knownError(new SuppressedError(systemError('ENOSPC'), first))).toBe(first);
  expect(knownError(new SuppressedError(first, new TypeError('defect')))).toBe(first);
  expect(knownError(new SuppressedError(new SuppressedError(new TypeError('third'), systemError('ENOSPC')), first))).toBe(first);
});

test.each([new TypeError('x is not a function'), systemError('ENOENT'), 'text', undefined])('%s is a defect', (thrown) => {
  expect(knownError(thrown)).toBeUndefined();
});
