import { chmodSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SluiceError } from '../../runtime/errors.ts';
import { makeFolder } from '../../runtime/make-folder.ts';
import { newToken } from './access.ts';

/** The file of the token by which Prometheus gets the metrics, in the data folder. */
export const BEARER_FILE = 'dashboard.token';

/** The token in DATA/dashboard.token, which its owner alone can read; made where there is none. Throws where it cannot be. */
export function bearerIn(data: string): string {
  const file = join(data, BEARER_FILE);
  makeFolder(data, 0o700);
  const beside = `${file}.${process.pid}`;
  writeFileSync(beside, `${newToken()}\n`, { mode: 0o600 });
  try {
    // Whole or not at all: of two that start at once the second finds the first one's.
    linkSync(beside, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(beside, { force: true });
  }
  chmodSync(file, 0o600);
  const token = readFileSync(file, 'utf8').trim();
  if (/^[A-Za-z0-9_-]{43}$/.test(token)) return token;
  throw new SluiceError('bad-token', `${file} holds no token of \`sluice dashboard\`; remove it, and a new one is made`);
}
