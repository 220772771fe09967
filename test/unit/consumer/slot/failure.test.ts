import { expect, test } from 'vitest';
import { failureOf } from '../../../../consumer/slot/failure.ts';
import { ComputationError } from '../../../../consumer/slot/slot.ts';
import { mistake } from '../../../../runtime/errors.ts';

function messageOf(thrown: unknown): string {
  const reply = failureOf(thrown);
  return reply.kind === 'failed' ? reply.message : '';
}

test("an error's kind and message come first, then the first frames of its stack", () => {
  const [message, ...frames] = messageOf(new RangeError('n is odd')).split('\n');
  expect(message).toBe('RangeError: n is odd');
  expect(messageOf(new Error('n is odd')).split('\n')[0]).toBe('n is odd');
  expect(frames.length).toBeGreaterThan(0);
  expect(frames.length).toBeLessThanOrEqual(6);
  expect(frames[0]).toMatch(/^ {4}at .*failure\.test\.ts/);
});

test('an error without a message is told by its name', () => {
  expect(messageOf(new TypeError())).toMatch(/^TypeError\n/);
});

test('an error of ours says all in its message', () => {
  expect(messageOf(mistake('bad-point', 'nrow is an integer'))).toBe('nrow is an integer');
});

test("the code of a failure is kept, and any other failure is the point's", () => {
  expect(failureOf(new ComputationError('bad-row', 'column "a"'))).toEqual({
    kind: 'failed',
    code: 'bad-row',
    message: 'column "a"',
  });
  expect(failureOf(new Error('x'))).toMatchObject({ code: 'point-failed' });
});

test('a long message is cut to 4,000 characters', () => {
  expect(messageOf(new Error('x'.repeat(1_000_000)))).toHaveLength(4_000);
});

test.each([
  ['a text', 'boom', 'threw boom, which is no Error'],
  ['nothing', undefined, 'threw undefined, which is no Error'],
  ['an object without a prototype', Object.create(null), 'threw object, which is no Error'],
  ['a symbol', Symbol('s'), 'threw Symbol(s), which is no Error'],
])('%s may be thrown', (_what, thrown, message) => {
  expect(messageOf(thrown)).toBe(message);
});
