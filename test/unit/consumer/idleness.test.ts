import { expect, test } from 'vitest';
import { SILENCE_MS, whenIdle, type Idleness } from '../../../consumer/idleness.ts';

const IDLE: Idleness = { idleExitMs: 30_000, inHand: 0, computing: 0, idleMs: 30_000, silentMs: 100, isSilent: false, isDown: false };

test.each<[string, Partial<Idleness>, ReturnType<typeof whenIdle>]>([
  ['asks whether jobs wait once it was idle for long enough', {}, 'ask'],
  ['stays while it was idle for less', { idleMs: 29_999 }, 'stay'],
  ['stays while it has a job in hand', { inHand: 1 }, 'stay'],
  ['stays for ever where it was not told to leave', { idleExitMs: undefined, idleMs: 1e9 }, 'stay'],
  ['waits for a broker that does not answer', { isSilent: true, silentMs: 60_000 }, 'stay'],
  ['leaves where that broker was taken down', { isSilent: true, silentMs: 30_000, isDown: true }, 'leave'],
  ['gives the next broker the idle time to come', { isSilent: true, silentMs: 29_999, isDown: true }, 'stay'],
  ['leaves it with rows that nobody takes any more: they go to the spool', { isSilent: true, silentMs: 30_000, isDown: true, inHand: 1, idleMs: 0 }, 'leave'],
  ['stays while it computes, although that broker was taken down', { isSilent: true, silentMs: 90_000, isDown: true, inHand: 1, computing: 1 }, 'stay'],
  ['gives up a broker that was silent for too long', { isSilent: true, silentMs: SILENCE_MS }, 'give-up'],
  ['keeps the rows that it has in hand for a broker that is silent', { isSilent: true, silentMs: SILENCE_MS - 1, inHand: 1, idleMs: 0 }, 'stay'],
  ['gives it up with them after too long: they go to the spool, and the cores to others', { isSilent: true, silentMs: SILENCE_MS, inHand: 1, idleMs: 0 }, 'give-up'],
  ['computes what it has begun, however long the broker is silent', { isSilent: true, silentMs: SILENCE_MS, inHand: 1, computing: 1, idleMs: 0 }, 'stay'],
  ['never gives up where it was not told to leave', { idleExitMs: undefined, isSilent: true, silentMs: 1e9, inHand: 1 }, 'stay'],
  ['is as patient with a silent broker as with one that has no work, where that is longer', { idleExitMs: 2 * SILENCE_MS, isSilent: true, silentMs: SILENCE_MS, idleMs: SILENCE_MS }, 'stay'],
])('a consumer %s', (_, facts, expected) => {
  expect(whenIdle({ ...IDLE, ...facts })).toBe(expected);
});
