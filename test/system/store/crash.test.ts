import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import seedrandom from 'seedrandom';
import { expect, onTestFinished, test } from 'vitest';
import { connect } from '../../../store/database.ts';
import { databasePath } from '../../../store/open.ts';
import { needsRollback } from '../../../store/sqlite-error.ts';
import { openStore } from '../../../store/store.ts';
import { openWriter } from '../../../store/writer.ts';
import { TABLE, numberedRows, plan, vectorOf } from './numbered-rows.ts';

/** Rows that a child commits at once, and how long it is left alive after its first commit, at most. */
const BATCH_ROWS = 20;
const MAX_LIFE_MS = 120;

function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'sluice-crash-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

interface Child {
  readonly process: ChildProcess;
  /** The rows below this number were committed, as the child has told. */
  acknowledged(): number;
  /** Resolves with the first commit. */
  readonly started: Promise<unknown>;
  /** Kills it with SIGKILL and waits for its end. */
  kill(): Promise<void>;
}

function startChild(...parameters: readonly string[]): Child {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'child-writer.ts'), ...parameters], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let acknowledged = Number(parameters[2] ?? 0);
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => (acknowledged = Number(line)));
  return {
    process: child,
    acknowledged: () => acknowledged,
    started: once(lines, 'line'),
    kill: async () => {
      const closed = once(lines, 'close');
      child.kill('SIGKILL');
      await closed;
    },
  };
}

/**
 * Checks that the database holds rows 0 to n, each once and whole, with n at least `acknowledged`; returns n.
 */
function checkConsistent(directory: string, acknowledged: number): number {
  const store = openStore(directory);
  const rows = [...store.rows(TABLE, { ordered: true })];
  const stored = rows.length;
  expect(store.counts(TABLE)).toEqual({ stored, failed: 0 });
  expect([...store.deadLetters()]).toEqual([]);
  store.close();
  expect(stored).toBeGreaterThanOrEqual(acknowledged);
  expect(stored % BATCH_ROWS).toBe(0);
  for (const [n, row] of rows.entries()) {
    const extra = n % 100 === 0 ? { [`extra${n / 100}`]: n } : {};
    expect(row).toEqual({ n, v: vectorOf(n), ...extra });
  }
  const connection = connect(databasePath(directory), { readOnly: true });
  expect(connection.value('PRAGMA integrity_check')).toBe('ok');
  expect(connection.value(`SELECT count(*) FROM ${TABLE}`)).toBe(stored);
  expect(connection.value(`SELECT count(*) FROM sluice_rows r JOIN ${TABLE} t ON t._rowid_ = r.row_id`)).toBe(
    stored,
  );
  connection.close();
  return stored;
}

test.each(['wal', 'delete'])(
  'a writer that is killed at any moment leaves whole batches and all that it has told of (%s)',
  async (journal) => {
    const directory = temporaryDirectory();
    const random = seedrandom(`killed writer ${journal}`);
    let stored = 0;
    for (let round = 0; round < 10; round++) {
      // Starts behind what it knows of: the entries that the dead one had in hand come again.
      const from = Math.max(0, stored - 2 * BATCH_ROWS);
      const child = startChild(directory, journal, String(from), String(BATCH_ROWS));
      await child.started;
      // No state is waited for: the moment itself is what is drawn.
      await new Promise((resolve) => setTimeout(resolve, random() * MAX_LIFE_MS));
      await child.kill();
      stored = checkConsistent(directory, Math.max(stored, child.acknowledged()));
    }
    const writer = openWriter(directory);
    const rest = numberedRows(0, stored + BATCH_ROWS);
    expect(writer.apply([plan(), ...rest])).toMatchObject({ rows: BATCH_ROWS, duplicates: stored });
    writer.close();
    expect(checkConsistent(directory, stored)).toBe(stored + BATCH_ROWS);
  },
);

/** True where a killed writer has left a journal that a read-only connection cannot roll back. */
function isHalfWritten(directory: string): boolean {
  const connection = connect(databasePath(directory), { readOnly: true });
  try {
    connection.value('SELECT count(*) FROM sqlite_schema');
    return false;
  } catch (thrown) {
    if (needsRollback(thrown)) return true;
    throw thrown;
  } finally {
    connection.close();
  }
}

test.each([
  ['reader', openStore],
  ['writer', openWriter],
])('the next %s sees the rows before a transaction whose writer was killed within it', async (_, reopen) => {
  const directory = temporaryDirectory();
  const journal = `${databasePath(directory)}-journal`;
  const bytes = (): number => statSync(databasePath(directory)).size;
  let acknowledged = 0;
  // A kill that comes after the commit after all is tried again.
  do {
    const child = startChild(directory, 'delete', String(acknowledged), String(25 * BATCH_ROWS));
    await child.started;
    const before = bytes();
    await expect
      .poll(() => existsSync(journal) && bytes() > before, { interval: 1, timeout: 30_000 })
      .toBe(true);
    await child.kill();
    acknowledged = child.acknowledged();
  } while (!isHalfWritten(directory));
  reopen(directory).close();
  expect(isHalfWritten(directory)).toBe(false);
  checkConsistent(directory, acknowledged);
});
