import { messageOf } from '../../runtime/errors.ts';
import type { Definition } from '../../wire/definition.ts';
import type { Runner } from './runner.ts';
import { ComputationError, Interrupted, type Slot } from './slot.ts';

/**
 * Experiments whose threads, processes or programs one slot keeps alive; the least recently used ends beyond.
 */
export const RUNNERS_PER_SLOT = 3;

/**
 * A slot whose runners come from `start`; one is started when its experiment is asked for and none is alive.
 */
export function openSlot(start: (definition: Definition) => Runner): Slot {
  /** By definition, least recently used first. */
  const runners = new Map<string, Runner>();
  /** The ends of those that are used no more. */
  const ends = new Set<Promise<void>>();
  let closed = false;

  const dismiss = (key: string): void => {
    const runner = runners.get(key);
    if (runner === undefined) return;
    runners.delete(key);
    const end = runner.end().finally(() => ends.delete(end));
    ends.add(end);
  };
  const startNew = (definition: Definition): Runner => {
    try {
      return start(definition);
    } catch (error) {
      throw new ComputationError('crashed', `the computation was not started: ${messageOf(error)}`);
    }
  };
  const runnerOf = (definition: Definition): Runner => {
    if (closed) throw new Interrupted();
    const key = JSON.stringify(definition);
    if (runners.get(key)?.live === false) dismiss(key);
    const runner = runners.get(key) ?? startNew(definition);
    runners.delete(key);
    runners.set(key, runner);
    const [oldest = key] = runners.keys();
    if (runners.size > RUNNERS_PER_SLOT) dismiss(oldest);
    return runner;
  };

  return {
    compute: async (definition, point, signal) => await runnerOf(definition).compute(point, signal),
    warm: async (definition) => await runnerOf(definition).ready(),
    holds: (definition) => runners.get(JSON.stringify(definition))?.live ?? false,
    async close() {
      closed = true;
      for (const key of runners.keys()) dismiss(key);
      await Promise.all(ends);
    },
  };
}
