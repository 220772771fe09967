import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The file, in the data folder, by which the uploader at work is asked to send what there is, at once. */
const ASKED_FILE = 'upload.asked';

/** Asks the uploader of the data folder `data`, in whatever process, to send what there is without waiting for more. */
export function askForUpload(data: string): void {
  writeFileSync(join(data, ASKED_FILE), '', { mode: 0o600 });
}

/** Whether it was asked for since this was asked last; never throws. */
export function takeAsked(data: string): boolean {
  const path = join(data, ASKED_FILE);
  if (!existsSync(path)) return false;
  try {
    rmSync(path, { force: true });
  } catch {
    return false; // a folder that cannot be written: then nobody could have asked either
  }
  return true;
}
