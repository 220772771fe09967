import { EXIT } from './errors.ts';

/** What Google's client and others hang on an error: the request with its token, or an answer that quotes what was sent. */
const CARRIED = ['config', 'response', 'request', 'errors'];

/**
 * A defect as it is told: its stack. Of an error that carries a request or an answer the message is left out, too, for it
 * may quote either.
 */
export function defectOf(error: unknown): string {
  if (!(error instanceof Error)) return 'something that is no error was thrown';
  const stack = error.stack ?? error.message;
  if (!CARRIED.some((name) => name in error)) return stack;
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line));
  return [`${error.name} of a request`, ...frames].join('\n');
}

/**
 * From now on an exception that nobody catches ends this process with `report` of it and exit code 1. Node's own way prints
 * everything that hangs on the error, a request's headers too.
 */
export function reportCrashes(report: (error: unknown) => void): void {
  if (process.hasUncaughtExceptionCaptureCallback()) return;
  process.setUncaughtExceptionCaptureCallback((error) => {
    report(error);
    process.exit(EXIT.failed);
  });
}
