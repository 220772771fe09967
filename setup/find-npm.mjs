import fs from 'node:fs';
import path from 'node:path';
import { SetupError } from './setup-error.mjs';

/**
 * How to call npm: the one that is running this script, else the one on PATH, else the one beside this Node.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {{ command: string, args: string[] }} append npm's own arguments to args
 * @throws {SetupError} 'no-npm'
 */
export function findNpm(env) {
  // pnpm and yarn set npm_execpath too, to themselves.
  const running = env.npm_execpath;
  if (running !== undefined && /^npm(-cli)?\.c?js$/.test(path.basename(running)) && fs.existsSync(running)) {
    return { command: process.execPath, args: [running] };
  }
  const folders = [...(env.PATH ?? '').split(path.delimiter), path.dirname(process.execPath)];
  for (const folder of folders) {
    const command = path.join(folder, 'npm');
    if (path.isAbsolute(command) && fs.existsSync(command)) return { command, args: [] };
  }
  throw new SetupError(
    'no-npm',
    'npm was not found: it comes with Node; put the folder that holds it on PATH and run this again.');
}
