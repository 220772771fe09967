import { describe, expect, test } from 'vitest';
import { Interrupted } from '../../../../consumer/slot/slot.ts';
import { openTurns } from '../../../../consumer/slot/turns.ts';

const NEVER = [new AbortController().signal];
const any = () => 0;

describe('turns', () => {
  test('take the lowest rank of those that are free, the longest free of equals', async () => {
    const turns = openTurns(['a', 'b', 'c']);
    const rank = (free: string): number => (free === 'b' ? 0 : 1);
    expect(await turns.take(rank, NEVER)).toBe('b');
    expect(await turns.take(rank, NEVER)).toBe('a');
    turns.give('a');
    expect(await turns.take(rank, NEVER)).toBe('c');
  });

  test('serve those who wait in the order in which they came', async () => {
    const turns = openTurns(['a']);
    await turns.take(any, NEVER);
    const order: number[] = [];
    const waits = [1, 2, 3].map(async (who) => {
      const thing = await turns.take(any, NEVER);
      order.push(who);
      turns.give(thing);
    });
    turns.give('a');
    await Promise.all(waits);
    expect(order).toEqual([1, 2, 3]);
  });

  test('are lost by a wait that is aborted, and the next in line is served', async () => {
    const turns = openTurns(['a']);
    await turns.take(any, NEVER);
    const abort = new AbortController();
    const aborted = turns.take(any, [...NEVER, abort.signal]);
    const next = turns.take(any, NEVER);
    abort.abort();
    await expect(aborted).rejects.toBeInstanceOf(Interrupted);
    turns.give('a');
    expect(await next).toBe('a');
  });

  test('are kept by one that was served in the same moment as its abort', async () => {
    const turns = openTurns(['a']);
    await turns.take(any, NEVER);
    const abort = new AbortController();
    const served = turns.take(any, [abort.signal]);
    turns.give('a');
    abort.abort();
    expect(await served).toBe('a');
  });

  test('are refused at once where a signal is aborted already', async () => {
    const abort = AbortSignal.abort();
    const turns = openTurns(['a']);
    await expect(turns.take(any, [abort])).rejects.toBeInstanceOf(Interrupted);
    expect(turns.takeFree()).toEqual(['a']);
  });

  test('end for all when they are closed', async () => {
    const turns = openTurns(['a']);
    await turns.take(any, NEVER);
    const waiting = turns.take(any, NEVER);
    turns.close(new Interrupted('closed'));
    await expect(waiting).rejects.toThrow('closed');
    turns.give('a');
    await expect(turns.take(any, NEVER)).rejects.toThrow('closed');
  });

  test('of all that are free leave none', () => {
    const turns = openTurns(['a', 'b']);
    expect(turns.takeFree()).toEqual(['a', 'b']);
    expect(turns.takeFree()).toEqual([]);
  });
});
