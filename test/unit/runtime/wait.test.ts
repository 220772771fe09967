import { expect, test } from 'vitest';
import { pause, settledWithin, unlessStopped } from '../../../runtime/wait.ts';

const FOREVER_MS = 2 ** 30;

test('a pause ends when its signal aborts, before or during it, and never rejects', async () => {
  await pause(FOREVER_MS, AbortSignal.abort());
  const controller = new AbortController();
  const paused = pause(FOREVER_MS, controller.signal);
  controller.abort(new Error('enough'));
  await paused;
});

test('a pause without a signal ends after its time', async () => {
  const startedAtMs = performance.now();
  await pause(20);
  expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(19);
});

test('work that settles is told from work that takes too long, however it settles', async () => {
  expect(await settledWithin(Promise.resolve(), FOREVER_MS)).toBe(true);
  expect(await settledWithin(Promise.reject(new Error('failed')), FOREVER_MS)).toBe(true);
  expect(await settledWithin(new Promise(() => {}), 1)).toBe(false);
});

test('work that fails after its time was up fails in silence', async () => {
  const { promise, reject } = Promise.withResolvers<void>();
  expect(await settledWithin(promise, 1)).toBe(false);
  reject(new Error('late'));
  await pause(1);
});

test('work is what it comes to while nobody asks to stop, and a while after', async () => {
  const never = new AbortController().signal;
  expect(await unlessStopped(Promise.resolve(7), never, 0)).toBe(7);
  await expect(unlessStopped(Promise.reject(new Error('failed')), never, 0)).rejects.toThrow('failed');
  expect(await unlessStopped(pause(1).then(() => 8), AbortSignal.abort(), FOREVER_MS)).toBe(8);
});

test('work that does not settle ends with the grace after a request to stop, before or during it', async () => {
  const stuck = new Promise<never>(() => {});
  await expect(unlessStopped(stuck, AbortSignal.abort(), 1)).rejects.toThrow('it was to stop');
  const stopping = new AbortController();
  const waiting = unlessStopped(stuck, stopping.signal, 1);
  stopping.abort();
  await expect(waiting).rejects.toThrow('it was to stop');
});
