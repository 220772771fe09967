import { randomBytes } from 'node:crypto';
import { createWriteStream, statSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { SluiceError, messageOf } from '../runtime/errors.ts';

/**
 * Writes `pieces` to the file `path`, which appears whole and durable or not at all; a device or a pipe that stands there
 * is written to, not replaced. Takes a piece when the one before is written.
 *
 * Throws SluiceError `cannot-export` where the file cannot be written.
 */
export async function exportFile(path: string, pieces: Iterable<string | Uint8Array>): Promise<void> {
  if (isSpecial(path)) return await writeInto(path, pieces);
  const beside = `${path}.${randomBytes(4).toString('hex')}.part`;
  try {
    const file = await open(beside, 'wx');
    try {
      for (const piece of pieces) await file.writeFile(piece);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
    await syncDirectory(dirname(path));
  } catch (thrown) {
    await rm(beside, { force: true });
    throw cannotExport(path, thrown);
  }
}

/** Whether something that is no regular file, such as /dev/stdout or a pipe, stands at `path`. */
export function isSpecial(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found !== undefined && !found.isFile() && !found.isDirectory();
}

async function writeInto(path: string, pieces: Iterable<string | Uint8Array>): Promise<void> {
  try {
    await pipeline(pieces, createWriteStream(path));
  } catch (thrown) {
    throw cannotExport(path, thrown);
  }
}

function cannotExport(path: string, thrown: unknown): unknown {
  if (thrown instanceof SluiceError) return thrown;
  return new SluiceError('cannot-export', `cannot write ${path} (${messageOf(thrown)})`, { cause: thrown });
}

/** Makes the rename in `directory` durable. */
async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
