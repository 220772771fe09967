import { describe, expect, test } from 'vitest';
import { openSlot, RUNNERS_PER_SLOT } from '../../../../consumer/slot/open-slot.ts';
import type { Runner } from '../../../../consumer/slot/runner.ts';
import { ComputationError, Interrupted } from '../../../../consumer/slot/slot.ts';
import type { Definition } from '../../../../wire/definition.ts';

const NEVER = new AbortController().signal;

function experiment(name: string): Definition {
  return { kind: 'builtin', name, version: '1' };
}

/** A slot over runners that record their lives; `die` ends one from outside. */
function open() {
  const events: string[] = [];
  const runners = new Map<string, { live: boolean }>();
  const slot = openSlot(({ name }): Runner => {
    const state = { live: true };
    runners.set(name, state);
    events.push(`start ${name}`);
    return {
      get live() {
        return state.live;
      },
      ready: async () => {},
      compute: async (point) => ({ row: { ...point, by: name }, parameters: 1, seconds: 0, notes: {} }),
      end: async () => {
        state.live = false;
        await Promise.resolve();
        events.push(`end ${name}`);
      },
    };
  });
  const die = (name: string): void => {
    const state = runners.get(name);
    if (state !== undefined) state.live = false;
  };
  return { slot, events, die };
}

describe('a slot', () => {
  test('keeps one runner per experiment', async () => {
    const { slot, events } = open();
    await slot.compute(experiment('a'), { n: 1 }, NEVER);
    await slot.compute(experiment('b'), { n: 1 }, NEVER);
    const { row } = await slot.compute(experiment('a'), { n: 2 }, NEVER);
    expect(row).toEqual({ n: 2, by: 'a' });
    expect(events).toEqual(['start a', 'start b']);
  });

  test('takes another version for another experiment', async () => {
    const { slot, events } = open();
    await slot.compute(experiment('a'), { n: 1 }, NEVER);
    await slot.compute({ ...experiment('a'), version: '2' }, { n: 1 }, NEVER);
    expect(events).toEqual(['start a', 'start a']);
  });

  test('ends the least recently used beyond its limit', async () => {
    const { slot, events } = open();
    for (const name of ['a', 'b', 'c', 'a', 'd']) await slot.compute(experiment(name), { n: 1 }, NEVER);
    expect(RUNNERS_PER_SLOT).toBe(3);
    expect(events).toEqual(['start a', 'start b', 'start c', 'start d', 'end b']);
    expect(slot.holds(experiment('a'))).toBe(true);
    expect(slot.holds(experiment('b'))).toBe(false);
  });

  test('replaces a runner that died', async () => {
    const { slot, events, die } = open();
    await slot.warm(experiment('a'));
    die('a');
    expect(slot.holds(experiment('a'))).toBe(false);
    await slot.compute(experiment('a'), { n: 1 }, NEVER);
    expect(events).toEqual(['start a', 'start a', 'end a']);
  });

  test('ends all on close, waits for them, and starts none after', async () => {
    const { slot, events } = open();
    await slot.warm(experiment('a'));
    await slot.warm(experiment('b'));
    await slot.close();
    expect(events).toEqual(['start a', 'start b', 'end a', 'end b']);
    await expect(slot.compute(experiment('a'), { n: 1 }, NEVER)).rejects.toBeInstanceOf(Interrupted);
  });

  test('fails the point where nothing can be started', async () => {
    const slot = openSlot(() => {
      throw new Error('no more threads');
    });
    const computed = slot.compute(experiment('a'), { n: 1 }, NEVER);
    await expect(computed).rejects.toBeInstanceOf(ComputationError);
    await expect(computed).rejects.toMatchObject({
      code: 'crashed',
      message: expect.stringContaining('no more threads'),
    });
  });
});
