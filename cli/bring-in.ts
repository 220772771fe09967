import { existsSync, rmSync } from 'node:fs';
import { SluiceError } from '../runtime/errors.ts';
import { writeSpool } from '../runtime/spool.ts';
import { pause } from '../runtime/wait.ts';
import { lockForWriting, lockUnlessHeld, type WriteLock } from '../store/lock.ts';
import { openWriter } from '../store/writer.ts';
import { encodeEntry, type Entry } from '../wire/entry.ts';

/** Interval at which it is looked whether the sink has taken in a spool file; it looks every second itself. */
const LOOK_MS = 100;

/**
 * Brings entries into the database of the folder `data`, in one transaction, and resolves once they are committed: by its
 * sink through the spool where one is at work, else as the only writer for a moment.
 */
export async function bringIn(data: string, entries: readonly Entry[]): Promise<void> {
  let file: string | undefined;
  for (;;) {
    const lock = lockUnlessHeld(() => lockForWriting(data), 'sink-running');
    if (lock !== undefined) {
      applyHere(data, lock, entries);
      // Whether or not the sink that has just ended took it in: a second time changes nothing.
      if (file !== undefined) rmSync(file, { force: true });
      return;
    }
    file ??= writeSpool(data, entries);
    await pause(LOOK_MS);
    // The sink removes a file once its entries are committed.
    if (!existsSync(file)) return refuseRejected(file);
  }
}

function applyHere(data: string, lock: WriteLock, entries: readonly Entry[]): void {
  using held = new DisposableStack();
  held.adopt(lock, (open) => open.release());
  const writer = held.adopt(openWriter(data), (open) => open.close());
  writer.apply(entries.map((entry, index) => ({ id: `command#${index}`, bytes: encodeEntry(entry) })));
}

function refuseRejected(file: string): void {
  if (existsSync(`${file}.rejected`)) throw new SluiceError('spool-rejected', `the sink could not read ${file} and has set it aside`);
}
