import { existsSync } from 'node:fs';
import { databasePath } from '../../store/open.ts';
import { openStoreIfPresent, type Store } from '../../store/store.ts';
import { planOfSpecs } from '../planned-points.ts';
import type { Snapshot } from '../snapshot.ts';
import { storedStatus, type StoredStatus } from '../status.ts';

/** Kinds of failures that are told of, each with its whole message: by that the page asks for its points again. */
const GROUPS_SHOWN = 20;

/** Candidates of a plan that are counted on the spot: some hundredths of a second. */
const COUNTED_AT_ONCE = 20_000;

/** What a database tells of a table, and of which others there are. */
export interface StoredLook {
  readonly tables: readonly string[];
  readonly status: StoredStatus;
  /** Whether `status.points` is only the most that there can be: an exact count takes long. */
  readonly isUpperBound: boolean;
  readonly failures: Snapshot['failures'];
  /** Tells one table from another of its name that was made later; null where there is none. */
  readonly createdAtMs: number | null;
  /** How long the look took, milliseconds. */
  readonly tookMs: number;
}

/** Looks at databases and remembers the sizes of plans. */
export type StoredLooker = (data: string, table: string | null) => StoredLook;

/** A looker that has seen nothing yet; what it asks is looked up, never counted row by row. */
export function openStoredLooker(): StoredLooker {
  const sizes = new Map<string, PlanSize>();
  return (data, table) => {
    const startedAtMs = performance.now();
    using held = new DisposableStack();
    const store = openStoreIfPresent(data);
    held.defer(() => store?.close());
    const look = lookAt(store, table, sizes);
    return { ...look, tookMs: performance.now() - startedAtMs };
  };
}

/** Whether there is a database in the folder `data`. */
export function hasDatabase(data: string): boolean {
  return existsSync(databasePath(data));
}

function lookAt(store: Store | undefined, table: string | null, sizes: Map<string, PlanSize>): Omit<StoredLook, 'tookMs'> {
  const tables = store?.tables() ?? [];
  const name = table ?? '';
  const info = store?.table(name);
  const { points, isUpperBound } = sizeOf(info?.specs ?? [], sizes);
  const status = storedStatus(store, name, points);
  const groups = status.failed === 0 ? [] : (store?.failureGroups(name, GROUPS_SHOWN) ?? []);
  const shown = groups.reduce((sum, { count }) => sum + count, 0);
  const failures = { groups, hidden: Math.max(0, status.failed - shown) };
  return { tables, status, isUpperBound, failures, createdAtMs: info?.createdAtMs ?? null };
}

interface PlanSize {
  readonly points: number;
  readonly isUpperBound: boolean;
}

function sizeOf(specs: readonly string[], sizes: Map<string, PlanSize>): PlanSize {
  const text = specs.join('\n');
  const known = sizes.get(text);
  if (known !== undefined) return known;
  const plan = planOfSpecs(specs);
  const isCheap = plan.size <= COUNTED_AT_ONCE || plan.isCounted;
  const size = { points: isCheap ? plan.count() : plan.size, isUpperBound: !isCheap };
  sizes.set(text, size);
  return size;
}
