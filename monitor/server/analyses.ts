import { loadKernel, type Kernel } from '../../kernel/kernel.ts';
import { openStoreIfPresent, type Store } from '../../store/store.ts';
import { openPlannedPoints } from '../planned-points.ts';
import type { Snapshot, SvdBlockPlots } from '../snapshot.ts';
import { openPlotBuilder, type PlotBuilder } from './plot-builder.ts';

/** Rows that are read in one go: a hundredth of a second of wide ones. */
const CHUNK_ROWS = 200;

/** Time after which an analysis tells how far it has come. */
const SLICE_MS = 300;

/** Tables whose plots are kept. */
const TABLES_KEPT = 2;

/** What the rows of svd-block show so far, and whether there are more to read. */
export interface PlotsSoFar {
  readonly plots: SvdBlockPlots;
  readonly isBehind: boolean;
}

/** The answer of a table, as `sluice reduce` gives it. */
export type Reduce = (store: Store, table: string) => Promise<Readonly<Record<string, unknown>> | undefined>;

/** What takes longer than a look, and is done in a thread of its own. */
export interface Analyses {
  plots(data: string, table: string): Promise<PlotsSoFar | null>;
  /** The exact number of points of the table's plan. */
  points(data: string, table: string): number;
  answer(data: string, table: string): Promise<Snapshot['answer']>;
}

interface Kept {
  readonly builder: PlotBuilder;
  readonly createdAtMs: number;
  readRows: number;
}

/** Analyses of databases; `reduce` gives answers. */
export function openAnalyses(reduce: Reduce): Analyses {
  const points = openPlannedPoints();
  const kept = new Map<string, Kept>();
  let kernel: Promise<Kernel> | undefined;
  return {
    plots: async (data, table) => {
      kernel ??= loadKernel();
      const loaded = await kernel;
      return withStore(data, (store) => plotsOf(store, table, `${data}\n${table}`, kept, loaded));
    },
    points: (data, table) => withStore(data, (store) => points(store, table)),
    answer: async (data, table) => {
      using held = new DisposableStack();
      const store = openStoreIfPresent(data);
      held.defer(() => store?.close());
      const answer = store === undefined ? undefined : await reduce(store, table);
      return answer === undefined ? null : flat(answer);
    },
  };
}

function withStore<T>(data: string, use: (store: Store | undefined) => T): T {
  using held = new DisposableStack();
  const store = openStoreIfPresent(data);
  held.defer(() => store?.close());
  return use(store);
}

function plotsOf(store: Store | undefined, table: string, name: string, kept: Map<string, Kept>, kernel: Kernel): PlotsSoFar | null {
  const info = store?.table(table);
  if (store === undefined || info === undefined) return null;
  const before = kept.get(name);
  const isSame = before?.createdAtMs === info.createdAtMs && before.readRows <= store.lastRowId(table);
  const one = isSame ? before : { builder: openPlotBuilder(kernel), createdAtMs: info.createdAtMs, readRows: 0 };
  kept.delete(name);
  kept.set(name, one);
  if (kept.size > TABLES_KEPT) kept.delete([...kept.keys()][0]!);
  const isBehind = readOn(store, table, one);
  return { plots: one.builder.plots(), isBehind };
}

/** Reads rows for a while; true where there are more. */
function readOn(store: Store, table: string, one: Kept): boolean {
  const endMs = performance.now() + SLICE_MS;
  for (;;) {
    const before = one.readRows;
    for (const row of store.rows(table, { after: before, limit: CHUNK_ROWS })) {
      one.builder.take(row);
      one.readRows += 1;
    }
    if (one.readRows - before < CHUNK_ROWS) return false;
    if (performance.now() > endMs) return true;
  }
}

/** Nested names joined with dots; lists and what is null as text. */
function flat(answer: Readonly<Record<string, unknown>>): Readonly<Record<string, number | string>> {
  const entries = (value: unknown, path: string): [string, number | string][] => {
    if (typeof value === 'number' || typeof value === 'string') return [[path, value]];
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[path, JSON.stringify(value)]];
    return Object.entries(value).flatMap(([name, inner]) => entries(inner, path === '' ? name : `${path}.${name}`));
  };
  return Object.fromEntries(entries(answer, ''));
}
