import type { Definition } from '../../wire/definition.ts';
import type { Guard } from './guard.ts';
import type { PrintLog } from './printed.ts';
import { startProcess } from './process.ts';
import { startProgram } from './program.ts';
import type { Runner } from './runner.ts';
import { startThread } from './thread.ts';

/** What runners share. */
export interface RunnerOptions {
  /** Takes what computations print. */
  readonly log: PrintLog;
  /** Ends processes that would outlive us. */
  readonly guard: Guard;
}

/**
 * A runner for `definition`: a thread for a built-in, a process for a module, the program itself for a
 * program.
 */
export function startRunner(definition: Definition, options: RunnerOptions): Runner {
  if (definition.kind === 'builtin') return startThread(definition, options.log);
  if (definition.kind === 'module') return startProcess(definition, options);
  return startProgram(definition, options);
}
