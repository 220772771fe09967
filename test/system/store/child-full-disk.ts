/**
 * Process of a test: fills the disk that DIRECTORY lies on, makes room, goes on, and prints what happened as
 * JSON.
 */
import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../../runtime/errors.ts';
import { databasePath, openForWriting } from '../../../store/open.ts';
import { openStore } from '../../../store/store.ts';
import { writerOver } from '../../../store/writer.ts';
import type { Writer } from '../../../store/writer.ts';
import { TABLE, numberedRows, plan, vectorOf } from './numbered-rows.ts';

const BATCH = 40;

/** Applies batches from row `next` on until one fails; the row at which it stood and the error's code. */
function fill(writer: Writer, next: number): { next: number; code: string; message: string } {
  try {
    for (;;) {
      writer.apply(numberedRows(next, next + BATCH));
      next += BATCH;
    }
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'none';
    return { next, code, message: messageOf(thrown) };
  }
}

/** How many rows a new reader finds; -1 where one of them is wrong. */
function rowsFound(directory: string): number {
  const store = openStore(directory);
  const rows = [...store.rows(TABLE, { ordered: true })];
  const right = rows.every(
    (row, n) =>
      row['n'] === n &&
      Buffer.from(vectorOf(n).buffer).equals(Buffer.from((row['v'] as Float64Array<ArrayBuffer>).buffer)),
  );
  const { stored } = store.counts(TABLE);
  store.close();
  return right && stored === rows.length ? stored : -1;
}

const [directory = '', journal = 'wal'] = process.argv.slice(2);
const reserve = join(directory, 'reserve');
writeFileSync(reserve, Buffer.alloc(8 * 1024 * 1024, 1));
const local = journal === 'wal';
const writer = writerOver(
  openForWriting(directory, { name: 'as the test says', local }),
  databasePath(directory),
);
writer.apply([plan()]);
const first = fill(writer, 0);
const again = fill(writer, first.next);
const whileFull = rowsFound(directory);
rmSync(reserve);
const after = writer.apply(numberedRows(0, first.next + BATCH));
writer.close();
process.stdout.write(
  JSON.stringify({
    type: statfsSync(directory).type,
    first,
    again,
    whileFull,
    after,
    atEnd: rowsFound(directory),
  }),
);
