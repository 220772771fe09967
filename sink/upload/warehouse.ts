import type { CloudField, GivenField } from './fields.ts';
import type { Target } from './target.ts';

/** A table as it is over there. */
export interface CloudTable {
  /** Tells this table from one of its name that was there before or comes later: when it was made. */
  readonly log: string;
  readonly rows: number;
  /** When it was last written, in milliseconds since 1970. */
  readonly writtenAtMs: number;
  readonly fields: readonly GivenField[];
}

/** A load job as it is over there. */
export interface LoadJob {
  /** The hash of its batch; undefined where it is not ours. */
  readonly hash: string | undefined;
  readonly isDone: boolean;
  /** Why it has failed, where it has. */
  readonly errorResult: { readonly reason?: string | undefined; readonly message?: string | undefined } | undefined;
}

/** A load job to be. */
export interface LoadOrder {
  readonly table: string;
  readonly jobId: string;
  readonly hash: string;
  /** Newline-delimited JSON, taken as fast as it can be sent. */
  readonly lines: Iterable<string>;
}

/** Rows as a query answers them; integers as numbers. */
export type CloudRow = Readonly<Record<string, unknown>>;

/**
 * BigQuery as far as it is used: every call is one request, or one upload, and rejects with what was answered; nothing is
 * tried again here.
 */
export interface Warehouse {
  readonly target: Target;
  /** The table, or undefined where it or its dataset is not there. */
  findTable(table: string): Promise<CloudTable | undefined>;
  /** Makes the table, and its dataset where that is not there. */
  makeTable(table: string, fields: readonly CloudField[]): Promise<void>;
  /** Adds columns behind those that are `given`. */
  addFields(table: string, given: readonly GivenField[], added: readonly CloudField[]): Promise<void>;
  /** Makes the column, which is one of INT64, one of FLOAT64; its values stay. */
  widenField(table: string, name: string): Promise<void>;
  /** The job of this id, or undefined. */
  findJob(id: string): Promise<LoadJob | undefined>;
  /** Sends the rows; resolves once the job is there, done or not. */
  load(order: LoadOrder): Promise<LoadJob>;
  /** The answer to a query, page by page. */
  query(sql: string): AsyncGenerator<readonly CloudRow[]>;
}
