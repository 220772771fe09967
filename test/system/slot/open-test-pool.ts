import { fileURLToPath } from 'node:url';
import { openPool, type Pool } from '../../../consumer/slot/pool.ts';
import type { PrintLog } from '../../../consumer/slot/printed.ts';
import type { Computed } from '../../../consumer/slot/slot.ts';
import type { Definition } from '../../../wire/definition.ts';

/** Longest time that an interruption at once takes: a quarter of the 2 s that a program which is asked to end is given. */
export const AT_ONCE_MS = 500;

const FIXTURES = fileURLToPath(new URL('./fixtures', import.meta.url));

/** A module that does as its points say. */
export const MODULE: Definition = {
  kind: 'module',
  name: 'moody',
  version: '1',
  path: `${FIXTURES}/moody.ts`,
};

/** A program that does as its points say; wall time for an answer a minute. */
export const PROGRAM = {
  kind: 'program',
  name: 'moody',
  version: '1',
  command: [process.execPath, 'moody.mjs'],
  directory: FIXTURES,
  timeoutSeconds: 60,
} satisfies Definition;

/** What a log took: its lines' fields. */
export interface Logged {
  readonly line?: string;
  readonly lines?: number;
  readonly stream?: string;
}

/** A pool whose log is kept. */
export interface TestPool extends AsyncDisposable {
  readonly pool: Pool;
  readonly logged: readonly Logged[];
  /** Computes at `{does, x}`, interrupted by `signal`. */
  compute(definition: Definition, does: string, x?: number, signal?: AbortSignal): Promise<Computed>;
}

/** Opens a pool that closes at the end of its block. */
export function openTestPool(slots = 1): TestPool {
  const logged: Logged[] = [];
  const pool = openPool({ slots, log: recordingLog(logged) });
  return {
    pool,
    logged,
    compute: async (definition, does, x = 0, signal = new AbortController().signal) =>
      await pool.compute(definition, { does, x }, { queued: signal, running: signal }),
    [Symbol.asyncDispose]: async () => await pool.close(),
  };
}

/** A log that pushes the fields of its lines. */
export function recordingLog(logged: Logged[]): PrintLog {
  const push = (fields: Logged): void => void logged.push(fields);
  return { info: push, warn: push };
}
