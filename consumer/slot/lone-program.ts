import type { Computation } from './computation.ts';
import { openGuard } from './guard.ts';
import type { PrintLog } from './printed.ts';
import { startProgram } from './program.ts';
import type { ProgramDefinition } from './spawn-program.ts';

/**
 * A program as a computation of this process, which was started for one point alone and passes on what it
 * prints.
 */
export function programComputation(definition: ProgramDefinition): Computation {
  const print = (fields: { line?: string }): void => void process.stderr.write(`${fields.line ?? ''}\n`);
  const log: PrintLog = { info: print, warn: print };
  const program = startProgram(definition, { log, guard: openGuard() });
  return async (point) => await program.compute(point, new AbortController().signal);
}
