import { EXIT, SluiceError, messageOf } from '../runtime/errors.ts';

/** SQLite's primary result codes that Sluice tells apart (https://www.sqlite.org/rescode.html). */
export const RESULT = {
  error: 1,
  busy: 5,
  locked: 6,
  readOnly: 8,
  ioError: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  tooBig: 18,
  constraint: 19,
  mismatch: 20,
  range: 25,
  notDatabase: 26,
} as const;

/** The codes that blame what was written, not the place it was written to. */
const CONTENT_CODES: ReadonlySet<number> = new Set([
  RESULT.error,
  RESULT.tooBig,
  RESULT.constraint,
  RESULT.mismatch,
  RESULT.range,
]);

/** The primary result code of an error that SQLite raised, else undefined. */
export function sqliteCode(thrown: unknown): number | undefined {
  if (!(thrown instanceof Error) || !('errcode' in thrown) || typeof thrown.errcode !== 'number')
    return undefined;
  return thrown.errcode & 0xff;
}

/**
 * True for an error of one statement's content (a constraint, a value too big): other entries may still pass.
 */
export function isContentError(thrown: unknown): boolean {
  const code = sqliteCode(thrown);
  return code !== undefined && CONTENT_CODES.has(code);
}

/** True where another connection's lock was in the way for longer than the busy time-out. */
export function isBusy(thrown: unknown): boolean {
  const code = sqliteCode(thrown);
  return code === RESULT.busy || code === RESULT.locked;
}

/**
 * SQLITE_READONLY_ROLLBACK: a killed writer's journal waits to be rolled back, and the connection may not.
 */
const READ_ONLY_ROLLBACK = 776;

/** True where a read-only connection has met the journal of a killed writer. */
export function needsRollback(thrown: unknown): boolean {
  return sqliteCode(thrown) !== undefined && (thrown as { errcode: number }).errcode === READ_ONLY_ROLLBACK;
}

interface Explanation {
  readonly code: string;
  readonly what: string;
  readonly next: string;
  readonly exitCode: number;
}

const BUSY: Explanation = {
  code: 'database-busy',
  what: 'another program holds a lock on',
  next: 'End it, or try again.',
  exitCode: EXIT.failed,
};
const DAMAGED: Explanation = {
  code: 'database-damaged',
  what: 'damaged or cut short:',
  next: 'Restore it from a copy, or choose another folder with --data DIR.',
  exitCode: EXIT.failed,
};
const FULL: Explanation = {
  code: 'database-full',
  what: 'no space is left for',
  next: 'Nothing was half-written; free some space.',
  exitCode: EXIT.failed,
};
const IO: Explanation = {
  code: 'database-io',
  what: 'cannot read or write',
  next: 'Nothing was half-written; check the disk and its quota.',
  exitCode: EXIT.failed,
};
const FORBIDDEN: Explanation = {
  code: 'data-folder',
  what: 'cannot open or write',
  next: 'Check its permissions, or choose another folder with --data DIR.',
  exitCode: EXIT.mistake,
};

const EXPLANATIONS: ReadonlyMap<number, Explanation> = new Map([
  [RESULT.full, FULL],
  [RESULT.ioError, IO],
  [RESULT.busy, BUSY],
  [RESULT.locked, BUSY],
  [RESULT.readOnly, FORBIDDEN],
  [RESULT.cannotOpen, FORBIDDEN],
  [RESULT.corrupt, DAMAGED],
  [RESULT.notDatabase, DAMAGED],
]);

/**
 * The SluiceError that says what `thrown` means for the database at `path`; what SQLite did not raise stays
 * as it is.
 */
export function storeError(thrown: unknown, path: string): unknown {
  const primary = sqliteCode(thrown);
  const known = primary === undefined ? undefined : EXPLANATIONS.get(primary);
  if (known === undefined) return thrown;
  const line = `${known.what} ${path} (SQLite: ${messageOf(thrown)}). ${known.next}`;
  return new SluiceError(known.code, line, { exitCode: known.exitCode, cause: thrown });
}

/** What `action` returns; SQLite's errors in it become SluiceErrors about the database at `path`. */
export function translated<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (thrown) {
    throw storeError(thrown, path);
  }
}

/** The elements of what `read` returns, which may be iterated again; SQLite's errors become SluiceErrors. */
export function translatedEach<T>(path: string, read: () => Iterable<T>): Iterable<T> {
  return {
    *[Symbol.iterator]() {
      const iterator = translated(path, () => read()[Symbol.iterator]());
      for (;;) {
        const next = translated(path, () => iterator.next());
        if (next.done === true) return;
        yield next.value;
      }
    },
  };
}
