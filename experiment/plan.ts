import type { Point } from '../wire/point.ts';
import { parameterNames } from '../wire/point.ts';
import { checkSize } from './grid.ts';
import type { Grid } from './grid.ts';
import { stopTest } from './stop-list.ts';
import type { StopEntry } from './stop-list.ts';

/** What of a spec decides its points. */
export interface SpecPoints {
  readonly grids: readonly Grid[];
  readonly stopList: readonly StopEntry[];
}

/** The points of a table: those of all its specs, each once. */
export interface Plan {
  /** Number of candidates: the sizes of all grids, at most MAX_POINTS. */
  readonly size: number;
  /** Candidate `index`, 0 <= index < size; undefined where it is stopped or an earlier grid has the point. */
  pointAt(index: number): Point | undefined;
  /** Exact number of points; visits every candidate unless it `isCounted`. */
  count(): number;
  /** Whether the number of points is known without visiting them: there is one grid, and no stop list. */
  readonly isCounted: boolean;
  /** Whether the point is one of the plan's. */
  contains(point: Point): boolean;
}

interface Part {
  readonly grid: Grid;
  readonly stopped: (point: Point) => boolean;
  readonly stops: boolean;
  /** Index of its first candidate. */
  readonly start: number;
}

/**
 * The plan of a table with these specs, in their order; a spec's stop list takes out of its own grids only.
 *
 * Memory does not grow with the number of points: whether an earlier grid has a point is computed from the
 * grids. Throws a SluiceError `too-many-points` above MAX_POINTS candidates.
 */
export function planOf(specs: readonly SpecPoints[]): Plan {
  const parts = partsOf(specs);
  const size = parts.reduce((sum, part) => sum + part.grid.size, 0);
  checkSize(size, 'the specs of this table');
  const ownerOf = ownerTest(parts);

  const pointAt = (index: number): Point | undefined => {
    const ordinal = partAt(parts, index);
    const part = parts[ordinal]!;
    const point = part.grid.pointAt(index - part.start);
    return part.stopped(point) || ownerOf(point, ordinal) < ordinal ? undefined : point;
  };
  const isCounted = parts.length === 0 || (parts.length === 1 && !parts[0]!.stops);
  const count = (): number => {
    if (isCounted) return size;
    let points = 0;
    for (let index = 0; index < size; index++) if (pointAt(index) !== undefined) points++;
    return points;
  };
  return { size, pointAt, count, isCounted, contains: (point) => ownerOf(point, parts.length) < parts.length };
}

/** One part per grid; a grid that comes again with the same stop list adds nothing and is left out. */
function partsOf(specs: readonly SpecPoints[]): Part[] {
  const parts: Part[] = [];
  const seen = new Set<string>();
  let start = 0;
  for (const { grids, stopList } of specs) {
    const stopped = stopTest(stopList);
    const stopText = JSON.stringify(stopList);
    for (const grid of grids) {
      const text = JSON.stringify(grid.json) + stopText;
      if (seen.has(text)) continue;
      seen.add(text);
      parts.push({ grid, stopped, stops: stopList.length > 0, start });
      start += grid.size;
    }
  }
  return parts;
}

/** Ordinal of the part that holds candidate `index`, by bisection. */
function partAt(parts: readonly Part[], index: number): number {
  let low = 0;
  let high = parts.length;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (parts[middle]!.start <= index) low = middle;
    else high = middle;
  }
  return low;
}

/**
 * Gives the first part below `limit` that has a point, or `limit`. Grids of one point, of which a spec may
 * list thousands, are looked up by text; the others are asked one after the other.
 */
function ownerTest(parts: readonly Part[]): (point: Point, limit: number) => number {
  const singles = new Map<string, number>();
  const grids: number[] = [];
  for (const [ordinal, { grid, stopped }] of parts.entries()) {
    if (grid.size > 1) grids.push(ordinal);
    else if (!stopped(grid.pointAt(0)) && !singles.has(textOf(grid.pointAt(0)))) {
      singles.set(textOf(grid.pointAt(0)), ordinal);
    }
  }
  return (point, limit) => {
    const single = singles.size === 0 ? limit : Math.min(limit, singles.get(textOf(point)) ?? limit);
    const has = (ordinal: number) => parts[ordinal]!.grid.contains(point) && !parts[ordinal]!.stopped(point);
    for (const ordinal of grids) {
      if (ordinal >= single) break;
      if (has(ordinal)) return ordinal;
    }
    return single;
  };
}

function textOf(point: Point): string {
  return JSON.stringify(parameterNames(point).map((name) => [name, point[name]]));
}
