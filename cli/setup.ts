import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { EXIT } from '../runtime/errors.ts';
import type { Invocation } from './command.ts';

/** `sluice setup`: the same script that `npm run setup` runs; what it says goes to standard error. */
export async function setup(invocation: Invocation): Promise<number> {
  const script = join(import.meta.dirname, '..', 'setup', 'main.mjs');
  const exitCode = spawnSync(process.execPath, [script], { stdio: ['ignore', 2, 2] }).status ?? EXIT.failed;
  if (exitCode === EXIT.done) invocation.output.result({ ready: true }, ['all that Sluice needs is here']);
  return exitCode;
}
