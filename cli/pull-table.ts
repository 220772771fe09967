import { SluiceError, mistake } from '../runtime/errors.ts';
import { parseReference } from '../experiment/reference.ts';
import { loadExperiment, resolveExperiment, type ResolvedExperiment } from '../experiment/registry.ts';
import { parseSpec } from '../experiment/spec.ts';
import { SVD_BLOCK_NAME, SVD_BLOCK_PARAMETERS } from '../experiment/svd-block/definition.ts';
import type { PointCheck } from '../experiment/experiment.ts';
import { openRowMaker, type RowMaker } from '../sink/upload/cloud-row.ts';
import { readQuery } from '../sink/upload/reconcile.ts';
import type { CloudRow, CloudTable, Warehouse } from '../sink/upload/warehouse.ts';
import { BEGUN } from '../store/outbox-writer.ts';
import type { TableInfo } from '../store/tables.ts';
import type { Entry, RowEntry } from '../wire/entry.ts';
import { pointKey, type Point } from '../wire/point.ts';

/** Doubles that are brought in at once, in some 8 MB of entries. */
const CHUNK_VALUES = 1_000_000;

/** What is pulled, and what is said of it beside. */
export interface PullRequest {
  readonly warehouse: Warehouse;
  readonly table: string;
  /** What the database knows of the table, if anything. */
  readonly info: TableInfo | undefined;
  /** Which table over there it was uploaded to before; null where to none. */
  readonly log: string | null;
  readonly experiment?: string | undefined;
  readonly parameters?: readonly string[] | undefined;
  /** Brings entries into the database, in one transaction. */
  readonly bringIn: (entries: readonly Entry[]) => Promise<void>;
}

/** What was pulled. */
export interface Pulled {
  readonly rows: number;
  /** Rows whose point the experiment does not take. */
  readonly refused: number;
}

/**
 * Brings the rows of a table in BigQuery into the database, page by page. Each comes with the note that it is there: it is
 * never sent back. Throws a SluiceError where the table is not there, or where it is not known what its parameters are.
 */
export async function pullTable(request: PullRequest): Promise<Pulled> {
  const { warehouse, table, info, bringIn } = request;
  const cloud = await warehouse.findTable(table);
  if (cloud === undefined) throw new SluiceError('no-cloud-table', `there is no table ${table} in ${warehouse.target.name}`);
  const { definition, check } = await experimentOf(request);
  const maker = openRowMaker(cloud.fields, parametersOf(request, definition.name, cloud));
  const entryOf = entryMaker(request, { definition, check }, maker);
  const place = { kind: 'upload' as const, table, target: warehouse.target.name };
  // Until all is noted that the table has, nothing is sent to it; one that is fed from here already stays as it is.
  const begun = request.log === cloud.log ? {} : { log: BEGUN + cloud.log };
  await bringIn([...(info === undefined ? [{ kind: 'plan' as const, table, definition }] : []), { ...place, ...begun, atMs: Date.now() }]);
  let [rows, refused] = [0, 0];
  const chunkRows = Math.max(1, Math.floor(CHUNK_VALUES / Math.max(1, cloud.fields.length)));
  let entries: RowEntry[] = [];
  const flush = async (): Promise<void> => {
    const known = entries.map(({ key }) => key);
    if (entries.length > 0) await bringIn([{ ...place, known, atMs: Date.now() }, ...entries]);
    entries = [];
  };
  for await (const page of warehouse.query(readQuery(warehouse, table, maker.columns))) {
    for (const row of page) {
      const entry = entryOf(row);
      if (entry === undefined) refused += 1;
      else entries.push(entry);
      rows += 1;
      if (entries.length >= chunkRows) await flush();
    }
  }
  await flush();
  await bringIn([{ ...place, log: cloud.log, atMs: Date.now() }]);
  return { rows, refused };
}

/** Makes the entry of a row; undefined where the experiment does not take its point. */
function entryMaker({ table, warehouse }: PullRequest, { definition, check }: ResolvedExperiment, maker: RowMaker): (cloud: CloudRow) => RowEntry | undefined {
  return (cloud) => {
    const whole = maker.pointOf(cloud);
    // NULL is a parameter that the point does not have, unless the experiment wants it.
    const given = Object.fromEntries(Object.entries(whole).filter(([, value]) => value !== null));
    const point = [given, whole].find((candidate) => passes(check, candidate));
    if (point === undefined) return undefined;
    const provenance = { version: definition.version, consumer: `bigquery:${warehouse.target.name}`, attempt: 1, seconds: 0, finishedAtMs: Date.now(), notes: {} };
    const row = { ...point, ...maker.resultOf(cloud) };
    return { kind: 'row', table, key: pointKey(definition.name, point), parameters: Object.keys(point).length, row, provenance };
  };
}

function passes(check: PointCheck, point: Point): boolean {
  try {
    check(point);
    return true;
  } catch (error) {
    if (error instanceof SluiceError) return false;
    throw error;
  }
}

/** The experiment that the table has here, else the one that was asked for, else the main one. */
async function experimentOf({ info, experiment }: PullRequest): Promise<ResolvedExperiment> {
  if (info === undefined) return await resolveExperiment(parseReference(experiment ?? SVD_BLOCK_NAME, process.cwd()));
  if (experiment !== undefined && experiment !== info.experiment && info.definition.kind === 'builtin') {
    throw mistake('other-experiment', `the table ${info.name} belongs to the experiment "${info.experiment}" here, not to "${experiment}"`);
  }
  const { definition } = info;
  if (definition.kind === 'program') return { definition, check: () => {} };
  const loaded = await loadExperiment(definition, { anyVersion: true });
  return { definition, check: loaded.check };
}

/** The names of the points' parameters: as they were given, as the table or its plan has them here, or those of svd-block. */
function parametersOf({ parameters, info, table, warehouse }: PullRequest, experiment: string, cloud: CloudTable): string[] {
  const there = cloud.fields.map(({ name = '' }) => name);
  const stored = info?.columns.filter(({ parameter }) => parameter).map(({ name }) => name) ?? [];
  const planned = info?.specs.flatMap((spec) => parseSpec(JSON.parse(spec), { directory: '/' }).grids.flatMap(({ names }) => names)) ?? [];
  const builtin = experiment === SVD_BLOCK_NAME ? SVD_BLOCK_PARAMETERS : [];
  const wanted = [parameters ?? [], [...stored, ...planned], builtin].find((names) => names.length > 0) ?? [];
  const found = [...new Set(wanted)].filter((name) => there.includes(name));
  const required = experiment === SVD_BLOCK_NAME ? ['nrow', 'ncol', 'seed'] : wanted.slice(0, 1);
  if (found.length > 0 && required.every((name) => found.includes(name))) return found;
  const what = wanted.length === 0 ? 'which of its columns are parameters is not known; name them with --parameters a,b' : `it has no columns ${required.join(', ')}; name its experiment with --experiment and its parameters with --parameters`;
  throw mistake('unknown-parameters', `${warehouse.target.name}.${table} is not understood as a table of ${experiment}: ${what}`);
}
