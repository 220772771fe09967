import { expect, test } from 'vitest';
import { duration, progressBar, progressLine, rate, secondsLeft, significant, tenth } from '../../../monitor/progress.ts';

test('the bar shows done, failed, rate and time left', () => {
  expect(progressBar({ points: 1000, done: 511, failed: 1, seconds: 5.12 })).toBe('[###############...............] 511/1000  1 failed  100.0/s  5 s left');
});

test('the bar is empty before the first point, without a time left, and full after the last', () => {
  expect(progressBar({ points: 10, done: 0, failed: 0, seconds: 3 })).toBe(`[${'.'.repeat(30)}] 0/10  0.0/s`);
  expect(progressBar({ points: 10, done: 10, failed: 0, seconds: 5 })).toBe(`[${'#'.repeat(30)}] 10/10  2.0/s  0 s left`);
  expect(progressBar({ points: 0, done: 0, failed: 0, seconds: 0 })).toBe(`[${'#'.repeat(30)}] 0/0  0.0/s`);
});

test('the bar has 30 cells, however far it is', () => {
  for (let done = 0; done <= 97; done += 1) expect(/^\[(#*\.*)\]/.exec(progressBar({ points: 97, done, failed: 0, seconds: 1 }))?.[1]).toHaveLength(30);
});

test('the line shows count, seconds, seconds a point and what remains', () => {
  expect(progressLine({ points: 1000, done: 500, failed: 0, seconds: 5.25 })).toBe('500 of 1000 points, 5.3 s, 0.0105 s a point, 6 s left');
  expect(progressLine({ points: 10, done: 4, failed: 1, seconds: 1 })).toBe('4 of 10 points, 1 failed, 1.0 s, 0.2 s a point, 1 s left');
  expect(progressLine({ points: 10, done: 10, failed: 0, seconds: 1 })).toBe('10 of 10 points, 1.0 s, 0.1 s a point');
  expect(progressLine({ points: 10, done: 0, failed: 0, seconds: 0 })).toBe('0 of 10 points, 0.0 s');
});

test('a tenth is reached when so many points have settled, and the last one only at the end', () => {
  const reached = (done: number, points: number): number => tenth({ points, done, failed: 0, seconds: 1 });
  expect([0, 9, 10, 11, 99, 100].map((done) => reached(done, 100))).toEqual([0, 0, 1, 1, 9, 10]);
  expect([0, 1, 2, 3].map((done) => reached(done, 3))).toEqual([0, 3, 6, 10]);
  expect(tenth({ points: 10, done: 5, failed: 5, seconds: 1 })).toBe(10);
  expect(tenth({ points: 0, done: 0, failed: 0, seconds: 0 })).toBe(10);
});

test('the rate counts failures too, and is 0 before anything can be told', () => {
  expect(rate({ points: 9, done: 3, failed: 1, seconds: 2 })).toBe(2);
  expect(rate({ points: 9, done: 3, failed: 1, seconds: 0 })).toBe(0);
  expect(secondsLeft({ points: 9, done: 0, failed: 0, seconds: 2 })).toBeUndefined();
  expect(secondsLeft({ points: 9, done: 3, failed: 0, seconds: 3 })).toBe(6);
});

test.each([
  [0, '0 s'], [0.2, '1 s'], [59.1, '60 s'], [119, '119 s'], [119.5, '2 min 0 s'], [200, '3 min 20 s'], [7199, '119 min 59 s'], [7200, '2 h 0 min'], [7500, '2 h 5 min'], [360_000, '100 h 0 min'],
])('%d seconds read %s', (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});

test.each([[0.0123456, '0.0123'], [1234.5, '1230'], [0, '0'], [1, '1'], [0.1 + 0.2, '0.3']])('%d to three digits is %s', (value, text) => {
  expect(significant(value)).toBe(text);
});
