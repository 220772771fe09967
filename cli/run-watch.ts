import { pause } from '../runtime/wait.ts';
import type { TableCounts } from '../store/tally.ts';

/** Interval at which an unfinished run is looked at; a commit that completes it, or a fault, wakes it at once. */
const LOOK_MS = 500;

/** What a run watches while others work: commits, and faults that end it. */
export interface Watch {
  /** On the clock of performance.now(), from the process's start; undefined before the first row. */
  readonly firstRowMs: number | undefined;
  readonly lastRowMs: number | undefined;
  /** Whether as many rows and failures were committed as were last expected. */
  readonly enough: boolean;
  /** The fault that ends the run, if there was one. */
  readonly fault: unknown;
  /** From now on so many more rows and failures are enough. */
  expect(points: number): void;
  /** Calls `then` when as many rows and failures are on their way as are expected. */
  whenAllDelivered(then: () => void): void;
  /** One more row or failure is on its way to the database. */
  delivered(): void;
  /** Rows and failures were committed, by table. */
  committed(result: { readonly tables: Readonly<Record<string, Pick<TableCounts, 'rows' | 'failures'>>> }): void;
  fail(error: unknown): void;
  /** Resolves when there is enough, at a fault, at the stop, and after LOOK_MS in any case. */
  change(stop: AbortSignal): Promise<void>;
}

/** Watches the rows and failures of `table`; `onProgress` is told their numbers after every commit. */
export function openWatch(table: string, onProgress: (rows: number, failures: number) => void): Watch {
  let [delivered, rows, failures, expected] = [0, 0, 0, Infinity];
  let flush = (): void => {};
  let firstRowMs: number | undefined;
  let lastRowMs: number | undefined;
  let fault: unknown;
  let wake = new AbortController();
  return {
    get firstRowMs() {
      return firstRowMs;
    },
    get lastRowMs() {
      return lastRowMs;
    },
    get enough() {
      return rows + failures >= expected;
    },
    get fault() {
      return fault;
    },
    expect: (points) => {
      expected = rows + failures + points;
      delivered = rows + failures;
    },
    whenAllDelivered: (then) => void (flush = then),
    delivered: () => {
      delivered += 1;
      if (delivered >= expected) flush();
    },
    committed: (result) => {
      // Not by looking it up alone: a table may be called as what every object has, like `constructor`.
      const now = Object.hasOwn(result.tables, table) ? result.tables[table] : undefined;
      if (now === undefined) return;
      rows += now.rows;
      failures += now.failures;
      firstRowMs ??= performance.now();
      lastRowMs = performance.now();
      onProgress(rows, failures);
      if (rows + failures >= expected) wake.abort();
    },
    fail: (error) => {
      fault ??= error;
      wake.abort();
    },
    change: async (stop) => {
      await pause(LOOK_MS, AbortSignal.any([stop, wake.signal]));
      wake = new AbortController();
    },
  };
}
