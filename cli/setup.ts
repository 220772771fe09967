import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { EXIT } from '../runtime/errors.ts';

/** `sluice setup`: the same script that `npm run setup` runs. */
export async function setup(): Promise<number> {
  const script = join(import.meta.dirname, '..', 'setup', 'main.mjs');
  return spawnSync(process.execPath, [script], { stdio: 'inherit' }).status ?? EXIT.failed;
}
