import { SluiceError } from '../../runtime/errors.ts';
import type { Reply } from './messages.ts';
import { ComputationError } from './slot.ts';

/** Longest message of a failure that crosses to the consumer and into the database, characters. */
export const FAILURE_CHARACTERS = 4_000;

/** Frames of a stack that say where an experiment failed; the rest is ours and Node's. */
const STACK_LINES = 6;

/**
 * The reply that tells of whatever a computation threw: its message and, of an experiment's own errors,
 * the first lines of its stack.
 */
export function failureOf(thrown: unknown): Reply {
  if (thrown instanceof ComputationError)
    return { kind: 'failed', code: thrown.code, message: thrown.message };
  return { kind: 'failed', code: 'point-failed', message: bounded(described(thrown), FAILURE_CHARACTERS) };
}

/** `text`, cut to `characters` where it is longer, with a mark that says so. */
export function bounded(text: string, characters: number): string {
  return text.length <= characters ? text : `${text.slice(0, characters - 4)} ...`;
}

function described(thrown: unknown): string {
  if (!(thrown instanceof Error)) return `threw ${printed(thrown)}, which is no Error`;
  if (thrown instanceof SluiceError) return thrown.message; // says all there is to say
  // `Error` alone says nothing; `TypeError` says that the experiment's code is at fault, not its point.
  const parts = [thrown.name === 'Error' && thrown.message !== '' ? '' : thrown.name, thrown.message];
  const message = parts.filter((part) => part !== '').join(': ');
  const frames = (thrown.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return [message, ...frames.slice(0, STACK_LINES)].join('\n');
}

function printed(value: unknown): string {
  try {
    return String(value);
  } catch {
    return typeof value; // an object without a prototype has no text
  }
}
