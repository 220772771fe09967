import { expect, test } from 'vitest';
import { jobsInHand, openPace } from '../../../consumer/pace.ts';

test('a consumer that has computed nothing holds as many jobs as it has slots', () => {
  expect(jobsInHand(4, undefined)).toBe(4);
  expect(openPace(4).jobs).toBe(4);
});

test('long points are not taken ahead: behind them a job would wait while another consumer is free', () => {
  expect(jobsInHand(4, 0.5)).toBe(4);
  expect(jobsInHand(4, 3600)).toBe(4);
});

test('short points are taken ahead, the more the shorter, within a bound', () => {
  expect(jobsInHand(1, 0.4)).toBe(4);
  expect(jobsInHand(1, 0.01)).toBeGreaterThan(jobsInHand(1, 0.05));
  expect(jobsInHand(1, 0)).toBe(jobsInHand(1, 1e-6));
  expect(jobsInHand(1, 0)).toBeLessThan(50);
});

test('the pace follows what points take', () => {
  const pace = openPace(2);
  expect(pace.learn(0.005)).toBe(true);
  const short = pace.jobs;
  for (let point = 0; point < 100; point += 1) pace.learn(10);
  expect(pace.jobs).toBe(2);
  expect(short).toBeGreaterThan(2);
});

test('the pace does not flutter where points of one kind differ a little', () => {
  const pace = openPace(2);
  pace.learn(0.0055);
  const changes = Array.from({ length: 200 }, (_, point) => pace.learn(point % 2 === 0 ? 0.005 : 0.006));
  expect(changes.filter(Boolean)).toEqual([]);
});
