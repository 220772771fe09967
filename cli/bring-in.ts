import { randomUUID } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { basename } from 'node:path';
import { SluiceError } from '../runtime/errors.ts';
import { writeSpool } from '../runtime/spool.ts';
import { pause } from '../runtime/wait.ts';
import { lockForWriting, lockUnlessHeld, type WriteLock } from '../store/lock.ts';
import { openWriter } from '../store/writer.ts';
import { encodeEntry, type Entry } from '../wire/entry.ts';
import { readStored } from './read-stored.ts';

/** Interval at which it is looked whether the sink has taken in a spool file; it looks every second itself. */
const LOOK_MS = 100;

/**
 * Brings entries into the database of the folder `data`, in one transaction, and resolves once they are committed: by its
 * sink through the spool where one is at work, else as the only writer for a moment. Throws a SluiceError, code
 * `not-taken`, where one of them has become a dead letter: who goes on would believe it to be recorded.
 */
export async function bringIn(data: string, entries: readonly Entry[]): Promise<void> {
  let file: string | undefined;
  for (;;) {
    const lock = lockUnlessHeld(() => lockForWriting(data), 'sink-running');
    if (lock !== undefined) {
      const came = `command-${randomUUID()}`;
      applyHere(data, lock, came, entries);
      // Whether or not the sink that has just ended took it in: a second time changes nothing.
      if (file !== undefined) rmSync(file, { force: true });
      return refuseNotTaken(data, came);
    }
    file ??= writeSpool(data, entries);
    await pause(LOOK_MS);
    // The sink removes a file once its entries are committed.
    if (existsSync(file)) continue;
    refuseRejected(file);
    return refuseNotTaken(data, basename(file));
  }
}

function applyHere(data: string, lock: WriteLock, came: string, entries: readonly Entry[]): void {
  using held = new DisposableStack();
  held.adopt(lock, (open) => open.release());
  const writer = held.adopt(openWriter(data), (open) => open.close());
  writer.apply(entries.map((entry, index) => ({ id: `${came}#${index}`, bytes: encodeEntry(entry) })));
}

function refuseRejected(file: string): void {
  if (existsSync(`${file}.rejected`)) throw new SluiceError('spool-rejected', `the sink could not read ${file} and has set it aside`);
}

function refuseNotTaken(data: string, came: string): void {
  const reason = readStored(data, (store) => store?.refusal(came));
  if (reason !== undefined) throw new SluiceError('not-taken', `the database does not take what is to be recorded: ${reason}`);
}
