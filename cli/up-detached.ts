import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { startInBackground } from '../runtime/child-command.ts';
import { EXIT, SluiceError } from '../runtime/errors.ts';
import { makeDataDirectory } from '../store/open.ts';
import { settingsOf, type Invocation } from './command.ts';
import { linesOfUp, upDocumentSchema } from './up-told.ts';

/** The log of a broker in the background, in the data folder. */
const LOG_FILE = 'up.log';

/** What a command prints with --json where it fails. */
const failureSchema = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

/**
 * `sluice up --detach`: starts `sluice up` in a session of its own and returns once its broker answers, with what it
 * told; or fails with the line that it failed with. Its log is appended to DATA/up.log, which its owner alone can read.
 */
export async function upDetached(invocation: Invocation): Promise<void> {
  const { data } = settingsOf(invocation);
  const logFile = join(makeDataDirectory(data), LOG_FILE);
  const log = openSync(logFile, 'a', 0o600);
  const child = startInBackground(argumentsWithout('--detach', '--json'), process.env, log);
  closeSync(log);
  const printed = await child.document;
  const told = upDocumentSchema.safeParse(documentIn(printed));
  if (!told.success) throw failureIn(printed, await child.exitCode, logFile);
  child.release();
  invocation.output.result({ ...told.data, log: logFile }, [...linesOfUp(told.data, { inBackground: true }), `it is in the background; its log is ${logFile}`]);
}

/** The command line as it was typed, less what is for us. */
function argumentsWithout(...options: readonly string[]): string[] {
  return process.argv.slice(2).filter((argument) => !options.includes(argument));
}

function failureIn(printed: string, exitCode: number | null, logFile: string): SluiceError {
  const failure = failureSchema.safeParse(documentIn(printed));
  if (!failure.success) return new SluiceError('up-failed', `\`sluice up\` has ended before its broker answered; its log is ${logFile}`);
  return new SluiceError(failure.data.error.code, failure.data.error.message, { exitCode: exitCode ?? EXIT.failed });
}

function documentIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
