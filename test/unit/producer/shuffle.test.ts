import { expect, test } from 'vitest';
import { shuffledOrder } from '../../../producer/shuffle.ts';

test.each([0, 1, 2, 3, 10, 1000, 65_537])('the order of %i numbers holds each once', (n) => {
  const order = shuffledOrder(n);
  expect(order.length).toBe(n);
  expect(order.toSorted()).toEqual(Uint32Array.from({ length: n }, (_, index) => index));
});

test('the order is the same every time, in every version: two producers of a grid offer its points alike', () => {
  expect([...shuffledOrder(10)]).toEqual([5, 2, 9, 0, 6, 3, 4, 7, 8, 1]);
  expect([...shuffledOrder(1000).subarray(0, 5)]).toEqual([814, 643, 943, 75, 317]);
});

test('another seed gives another order', () => {
  expect(shuffledOrder(1000, 'a')).not.toEqual(shuffledOrder(1000, 'b'));
});

test('no place favours a number: over 6,000 seeds each of 3 numbers comes to each place about 2,000 times', () => {
  const seeds = 6_000;
  const seen = Array.from({ length: 3 }, () => [0, 0, 0]);
  for (let seed = 0; seed < seeds; seed += 1) shuffledOrder(3, String(seed)).forEach((number, place) => (seen[place]![number]! += 1));
  // Binomial with p = 1/3: five standard deviations, 5 sqrt(n p (1 - p)).
  const tolerance = 5 * Math.sqrt((seeds * 2) / 9);
  for (const counts of seen) for (const count of counts) expect(Math.abs(count - seeds / 3)).toBeLessThan(tolerance);
});
