import { z } from 'zod';

/** Longest table name; queue names, SQLite tables and BigQuery tables all take it. */
export const MAX_TABLE_NAME_LENGTH = 64;

/** A table's name: an identifier that SQLite, BigQuery and a Redis key take as it stands, and none of ours. */
export const tableNameSchema = z
  .string()
  .max(MAX_TABLE_NAME_LENGTH, `a table name has at most ${MAX_TABLE_NAME_LENGTH} characters`)
  .regex(/^[A-Za-z][A-Za-z0-9_]*$/, 'a table name is a letter followed by letters, digits and _')
  .refine((name) => !/^(sluice|sqlite)_/i.test(name), 'names that begin with sluice_ or sqlite_ are reserved');

/** The consumer group of the row stream: the sink is its only member. */
export const SINK_GROUP = 'sink';

/** Every name that Sluice uses in Redis, under one namespace. */
export interface Names {
  /** BullMQ's key prefix; a table's queue is named after the table. */
  readonly queuePrefix: string;
  /** The stream that carries entries to the sink. */
  readonly stream: string;
  /** Hash: table name -> registration (the experiment that consumers load), JSON. */
  readonly tables: string;
  /** Hash: table name -> number of times that its plan was cancelled. */
  readonly cancels: string;
  /** The lease of the sink that serves this broker. */
  readonly sinkLease: string;
  /** What that sink has done since it started, JSON; expires. */
  readonly sinkCounters: string;
  /** Hash: consumer id -> its latest heartbeat, JSON. */
  readonly consumers: string;
}

/** The names under `namespace` (default `sluice`); tests and neighbours on one Redis take another. */
export function namesFor(namespace: string): Names {
  return {
    queuePrefix: `${namespace}:queue`,
    stream: `${namespace}:entries`,
    tables: `${namespace}:tables`,
    cancels: `${namespace}:cancels`,
    sinkLease: `${namespace}:sink`,
    sinkCounters: `${namespace}:sink-counters`,
    consumers: `${namespace}:consumers`,
  };
}
