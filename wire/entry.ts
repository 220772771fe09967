import { Packr } from 'msgpackr';
import { z } from 'zod';
import { definitionSchema } from './definition.ts';
import { tableNameSchema } from './names.ts';

const keySchema = z.string().regex(/^p[0-9a-f]{32}$/);
const scalarSchema = z.union([z.number(), z.nan(), z.literal([Infinity, -Infinity]), z.string(), z.boolean(), z.null()]);
const pointSchema = z.record(z.string(), scalarSchema);
const vectorSchema = z.custom<Float64Array>((value) => value instanceof Float64Array);
const rowSchema = z.record(z.string(), z.union([scalarSchema, vectorSchema]));

/** The version of rows that were computed elsewhere: whoever did did not say which, nor how long it took. */
export const GATHERED_VERSION = 'gathered';

/** Where, when and how a row was computed; kept beside the rows, never among their columns. */
export const provenanceSchema = z.object({
  /** The experiment's version, or GATHERED_VERSION. */
  version: z.string(),
  /** Host and process id of the consumer: `node7:4242`. */
  consumer: z.string(),
  /** Which try this was, from 1. */
  attempt: z.int().positive(),
  /** Seconds of computing, start to end, on the wall clock; 0 and without meaning in a gathered row. */
  seconds: z.number().nonnegative(),
  /** When the computation ended, milliseconds since 1970. */
  finishedAtMs: z.number(),
  /** What the experiment noted of itself, such as a residual. */
  notes: z.record(z.string(), scalarSchema),
});

export type Provenance = z.infer<typeof provenanceSchema>;

/** Longest name of a target: a project has at most some 100 characters, a dataset 1,024. */
const MAX_TARGET_LENGTH = 1_200;

/** Rows of one load job: those from `firstRow` to `lastRow` (`row_id`) whose points are not known over there. */
const batchSchema = z.object({
  /** Its place in the log of load jobs of its table, from 0; each is taken once, by whoever is first. */
  position: z.int().nonnegative(),
  firstRow: z.int().positive(),
  lastRow: z.int().positive(),
  rows: z.int().nonnegative(),
  /** Of the points in it: tells whether a job at this position is this batch. */
  hash: z.string().regex(/^[0-9a-f]{32}$/),
  jobId: z.string(),
  /** `open`: to be sent, or sent; `done`: loaded; `void`: not loaded, nor ever at this position. */
  state: z.enum(['open', 'done', 'void']),
});

const entrySchema = z.discriminatedUnion('kind', [
  /** A point's row; its first `parameters` columns are the point's parameters. */
  z.object({
    kind: z.literal('row'),
    table: tableNameSchema,
    key: keySchema,
    parameters: z.int().nonnegative(),
    row: rowSchema,
    provenance: provenanceSchema,
  }),
  /** A point that failed for good. */
  z.object({
    kind: z.literal('failure'),
    table: tableNameSchema,
    key: keySchema,
    point: pointSchema,
    code: z.string(),
    message: z.string(),
    attempts: z.int().nonnegative(),
    version: z.string(),
    consumer: z.string(),
    finishedAtMs: z.number(),
  }),
  /**
   * A spec was added to a table; it precedes every row that it asks for. `spec` is the spec's canonical JSON; without one
   * the table is made and asks for nothing: its rows were computed elsewhere.
   */
  z.object({ kind: z.literal('plan'), table: tableNameSchema, definition: definitionSchema, spec: z.string().optional() }),
  /** The table's recorded failures are forgotten, so that their points run again; all of them, or those of `keys`. */
  z.object({ kind: z.literal('retry'), table: tableNameSchema, keys: z.array(keySchema).optional() }),
  /** The table's plan is dropped: what is not stored by then is asked for no more. */
  z.object({ kind: z.literal('cancel'), table: tableNameSchema }),
  /** What the upload of a table to `target` (PROJECT.DATASET) has come to; what is absent stays as it is. */
  z.object({
    kind: z.literal('upload'),
    table: tableNameSchema,
    target: z.string().min(1).max(MAX_TARGET_LENGTH),
    /** Which table of that name it is over there; another one than before forgets all that was known of the former. */
    log: z.string().optional(),
    /** What is believed to be over there is forgotten, and asked for before anything more is sent. */
    again: z.literal(true).optional(),
    batch: batchSchema.optional(),
    /** Points that the table over there has from elsewhere: their rows are not sent. */
    known: z.array(keySchema).optional(),
    /** Why it does not go on, and when it is tried again; null once it goes on. */
    trouble: z.object({ message: z.string(), nextTryAtMs: z.number() }).nullable().optional(),
    atMs: z.number(),
  }),
]);

/**
 * What crosses from any process to the sink, the only writer of the database: the stream and the spool
 * carry nothing else, so the order of entries is the order of changes to the database.
 */
export type Entry = z.infer<typeof entrySchema>;
export type RowEntry = Extract<Entry, { kind: 'row' }>;
export type FailureEntry = Extract<Entry, { kind: 'failure' }>;
export type UploadEntry = Extract<Entry, { kind: 'upload' }>;
export type UploadBatch = z.infer<typeof batchSchema>;
export type PlanEntry = Extract<Entry, { kind: 'plan' }>;

/** MessagePack: numbers keep all their bits, vectors cross as raw doubles, and reading stops at the first wrong byte. */
const packr = new Packr({ useRecords: false, moreTypes: true, int64AsType: 'number' });

/** The entry as bytes; a vector of n doubles takes 8 n bytes, a row of 1,000 about 8.2 kB. */
export function encodeEntry(entry: Entry): Buffer {
  return packr.pack(entry);
}

/** The entry that `bytes` hold, checked; throws an Error that says what is wrong with them. */
export function decodeEntry(bytes: Buffer): Entry {
  let value: unknown;
  try {
    value = packr.unpack(bytes);
  } catch (cause) {
    throw new Error(`not MessagePack: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
  const parsed = entrySchema.safeParse(value);
  if (!parsed.success) throw new Error(`not an entry: ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}`);
  return parsed.data;
}
