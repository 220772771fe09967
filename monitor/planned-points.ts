import { planOf, type Plan } from '../experiment/plan.ts';
import { parseSpec } from '../experiment/spec.ts';
import type { Store } from '../store/store.ts';

/** Counts the points that the specs of a table ask for together, once for the same specs: a large union takes seconds. */
export type PlannedPoints = (store: Store | undefined, table: string) => number;

/** A PlannedPoints that has counted nothing yet. */
export function openPlannedPoints(): PlannedPoints {
  const counted = new Map<string, number>();
  return (store, table) => {
    const specs = store?.table(table)?.specs ?? [];
    const text = JSON.stringify(specs);
    const points = counted.get(text) ?? planOfSpecs(specs).count();
    counted.set(text, points);
    return points;
  };
}

/** The plan of a table with these specs, as the database has them. */
export function planOfSpecs(specs: readonly string[]): Plan {
  return planOf(specs.map((spec) => parseSpec(JSON.parse(spec), { directory: '/' })));
}
