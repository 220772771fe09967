import { ComputationError } from './slot.ts';

/** How a thread, a process or a program ended. */
export interface End {
  /** In words: `exit code 3`, `signal SIGSEGV`. */
  readonly how: string;
  /** The signal that ended it, where one did. */
  readonly signal?: NodeJS.Signals | undefined;
  /** The last lines that it wrote on standard error. */
  readonly lastWords?: string | undefined;
}

/**
 * The failure of the point that was in hand when its `noun` ended: "crashed its process (signal SIGSEGV)".
 */
export function crashOf(noun: string, { how, signal, lastWords }: End): ComputationError {
  const quoted = lastWords ? `; its last lines on standard error:\n${lastWords}` : '';
  return new ComputationError('crashed', `crashed its ${noun} (${how})${quoted}`, { signal });
}
