import { hash } from 'node:crypto';
import type { Cell, Connection } from './database.ts';
import type { Unfit, UnfitCode } from './unfit.ts';

const SELECT = `SELECT id, entry_id, code, reason, table_name, bytes, received_at_ms
  FROM sluice_dead_letters`;

/** An entry as it comes to the writer: its id on the stream or in the spool, and its bytes. */
export interface RawEntry {
  readonly id: string;
  readonly bytes: Buffer;
}

/** The entries that could not be applied. */
export interface DeadLetters {
  /** Keeps the entry with its reason; false where the same entry is kept already. */
  add(entry: RawEntry, unfit: Unfit, table: string | undefined, receivedAtMs: number): boolean;
  /** Takes out the entries that waited for the plan of `table`, in the order they came, one at a time. */
  takeWaiting(table: string): Generator<RawEntry>;
}

/** The dead letters of the database behind `connection`. */
export function openDeadLetters(connection: Connection): DeadLetters {
  const insert = connection.prepare(`INSERT INTO sluice_dead_letters
    (entry_id, sha256, code, reason, table_name, bytes, received_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (entry_id, sha256) DO NOTHING`);
  const next = connection.prepare(`SELECT id, entry_id, bytes FROM sluice_dead_letters
    WHERE table_name = ? AND code = 'unknown-table' AND id > ? ORDER BY id LIMIT 1`);
  const remove = connection.prepare('DELETE FROM sluice_dead_letters WHERE id = ?');
  return {
    add: ({ id, bytes }, { code, message }, table, receivedAtMs) =>
      insert.run([id, hash('sha256', bytes, 'hex'), code, message, table ?? null, bytes, receivedAtMs]) > 0,
    *takeWaiting(table) {
      let last = 0;
      for (;;) {
        const found = next.get([table, last]);
        if (found === undefined) return;
        last = found[0] as number;
        remove.run([last]);
        yield { id: found[1] as string, bytes: Buffer.from(found[2] as Uint8Array) };
      }
    },
  };
}

/** An entry that could not be applied, as it is kept. */
export interface DeadLetter {
  readonly entryId: string;
  readonly code: UnfitCode;
  readonly reason: string;
  /** The table that it is about; undefined where its bytes do not say. */
  readonly table: string | undefined;
  readonly bytes: Buffer;
  readonly receivedAtMs: number;
}

/** The dead letter that came last, of `table` or of all; undefined where there is none. */
export function readLatestDeadLetter(connection: Connection, table?: string): DeadLetter | undefined {
  // The inner SELECT needs the index alone, without the entries' bytes.
  const latest = table === undefined ? '' : 'WHERE table_name = ?';
  const found = connection
    .prepare(`${SELECT} WHERE id = (SELECT max(id) FROM sluice_dead_letters ${latest})`)
    .get(table === undefined ? [] : [table]);
  return found === undefined ? undefined : deadLetterOf(found);
}

/** Why the first of the entries was refused whose ids begin with `from` and a `#`; undefined where none was. */
export function readRefusal(connection: Connection, from: string): string | undefined {
  // '$' comes behind '#': these ids alone lie between.
  const found = connection.value('SELECT reason FROM sluice_dead_letters WHERE entry_id >= ? AND entry_id < ? LIMIT 1', [`${from}#`, `${from}$`]);
  return (found ?? undefined) as string | undefined;
}

/** How many dead letters there are of `table`; those whose bytes name no table are of none. */
export function countDeadLetters(connection: Connection, table: string): number {
  return Number(connection.value('SELECT count(*) FROM sluice_dead_letters WHERE table_name = ?', [table]));
}

/** The dead letters in the order they came, fetched one at a time. */
export function* readDeadLetters(connection: Connection): Generator<DeadLetter> {
  const select = connection.prepare(`${SELECT} WHERE id > ? ORDER BY id LIMIT 1`);
  let last = 0;
  for (;;) {
    const found = select.get([last]);
    if (found === undefined) return;
    last = found[0] as number;
    yield deadLetterOf(found);
  }
}

function deadLetterOf(cells: readonly Cell[]): DeadLetter {
  const [, entryId, code, reason, table, bytes, receivedAtMs] = cells as [
    number,
    string,
    UnfitCode,
    string,
    string | null,
    Uint8Array,
    number,
  ];
  return { entryId, code, reason, table: table ?? undefined, bytes: Buffer.from(bytes), receivedAtMs };
}
