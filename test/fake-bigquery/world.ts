import type { Clock } from './clock.ts';
import type { JobOrder } from './faults.ts';
import type { Quotas } from './quotas.ts';
import { notFound } from './refusal.ts';
import type { RowStore } from './row-store.ts';
import type { Field } from './schema.ts';
import type { Job } from './job.ts';

/** All that the fake holds. It outlives the listener: what `stop` ends is the way to it. */
export type World = {
  readonly projectId: string;
  readonly clock: Clock;
  readonly quotas: Quotas;
  readonly keepRows: 'rows' | 'digest';
  readonly datasets: Map<string, Dataset>;
  /** By location, in lower case, and id: `us.load-1`. */
  readonly jobs: Map<string, Job>;
  /** Resumable uploads under way, by the id in their address. */
  readonly uploads: Map<string, { readonly metadata: unknown; readonly chunks: Buffer[]; readonly order: JobOrder }>;
};

/** A dataset: where its data are, what else was said of it, and its tables. */
export type Dataset = { readonly id: string; readonly location: string; readonly details: Readonly<Record<string, unknown>>; readonly createdMs: number; readonly tables: Map<string, Table> };

/** A table: its columns, what else was said of it, and its rows. */
export type Table = {
  readonly id: string;
  readonly createdMs: number;
  readonly rows: RowStore;
  fields: readonly Field[];
  details: Readonly<Record<string, unknown>>;
  changedMs: number;
  /** Counts the changes of the table, for its etag. */
  version: number;
};

/** The dataset `id`; throws 404 `notFound` where it is missing. */
export function datasetOf(world: World, id: string): Dataset {
  const dataset = world.datasets.get(id);
  if (dataset === undefined) throw notFound(`Dataset ${world.projectId}:${id}`);
  return dataset;
}

/** The table `id` of a dataset; throws 404 `notFound` where either is missing. */
export function tableOf(world: World, datasetId: string, id: string): Table {
  const table = datasetOf(world, datasetId).tables.get(id);
  if (table === undefined) throw notFound(`Table ${tableName(world, datasetId, id)}`);
  return table;
}

/** A table's name as BigQuery's messages have it: `project:dataset.table`. */
export function tableName(world: World, datasetId: string, id: string): string {
  return `${world.projectId}:${datasetId}.${id}`;
}
