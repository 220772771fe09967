import { closeSync, openSync, readdirSync, rmSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { SluiceError } from './errors.ts';
import { makeFolder } from './make-folder.ts';
import { pause } from './wait.ts';

/** Folder in the data folder that holds one empty file: its name is the generation. */
const GENERATION_FOLDER = 'generation';

/** Interval at which a broker looks whether a newer one has come: with the file system's own delay, so long two may live. */
const LOOK_MS = 1_000;

/**
 * Raises the generation of the data folder `data` and returns the new one: higher than any before, and no one else's.
 * Safe on a shared file system, where a file is made by one only.
 */
export function raiseGeneration(data: string): number {
  const folder = join(data, GENERATION_FOLDER);
  makeFolder(folder);
  // A listing may be old on a shared file system: a name that is taken is never tried again.
  for (let next = 1; ; next += 1) {
    next = Math.max(next, highest(readdirSync(folder)) + 1);
    if (!makeFile(join(folder, String(next)))) continue;
    const names = readdirSync(folder);
    // Whoever was faster may have removed, by now, the file that would have stopped us.
    if (highest(names) > next) continue;
    for (const name of names.filter((one) => Number(one) < next)) rmSync(join(folder, name), { force: true });
    return next;
  }
}

/** The generation of the data folder `data`; 0 where it has none, or its file system fails at the moment and tells nothing. */
export async function readGeneration(data: string): Promise<number> {
  return highest(await readdir(join(data, GENERATION_FOLDER)).catch(() => []));
}

/** Resolves with the generation that has become higher than `own` in the data folder, or with undefined once `stop` aborts. */
export async function whenRaised(data: string, own: number, stop: AbortSignal): Promise<number | undefined> {
  while (!stop.aborted) {
    const now = await readGeneration(data);
    if (now > own) return now;
    await pause(LOOK_MS, stop);
  }
  return undefined;
}

/** The reason why a broker of generation `own` of the data folder ends where a newer one, `raised`, has come. */
export function superseded(raised: number, own: number, data: string): SluiceError {
  return new SluiceError('superseded', `a newer broker (generation ${raised}, this is ${own}) has taken over ${data}; this one has ended`);
}

function highest(names: readonly string[]): number {
  return names.map(Number).reduce((most, one) => (Number.isSafeInteger(one) && one > most ? one : most), 0);
}

/** Whether the file was made by us; false where it is there already. */
function makeFile(path: string): boolean {
  try {
    closeSync(openSync(path, 'wx', 0o600));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
