/** The process's exit codes, as every command uses them. */
export const EXIT = {
  /** All that was asked for is done. */
  done: 0,
  /** What was asked for was understood and could not be done, or not wholly. */
  failed: 1,
  /** The request itself is a mistake: an option, a spec, a name. */
  mistake: 2,
} as const;

/**
 * An error meant for the person at the keyboard: one line that says what was expected, what was found and
 * what to do next. Anything else that is thrown is a defect and shows its stack.
 */
export class SluiceError extends Error {
  override readonly name = 'SluiceError';
  /** Stable, for scripts: `unknown-experiment`, `redis-unreachable`. */
  readonly code: string;
  readonly exitCode: number;

  constructor(code: string, message: string, options: { exitCode?: number; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.exitCode = options.exitCode ?? EXIT.failed;
  }
}

/** An error whose cause is the request itself: exit code 2. */
export function mistake(code: string, message: string): SluiceError {
  return new SluiceError(code, message, { exitCode: EXIT.mistake });
}

/** The message of whatever was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
