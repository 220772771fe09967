import type { Point, Scalar } from '../../../wire/point.ts';
import { parameterNames } from '../../../wire/point.ts';

/** A grid of lists alone, as a spec writes it. */
export type ListGrid = Record<string, Scalar[]>;

/** All points of a grid of lists, by nested loops and a set: slow, and plainly right. */
export function expand(grid: ListGrid): Point[] {
  let points: Record<string, Scalar>[] = [{}];
  for (const [name, values] of Object.entries(grid)) {
    points = points.flatMap((point) =>
      values.map((value) => ({ ...point, [name]: value === 0 ? 0 : value })),
    );
  }
  return distinct(points);
}

/** The points, each once, at its first place. */
export function distinct(points: readonly Point[]): Point[] {
  const seen = new Set<string>();
  return points.filter((point) => seen.size < seen.add(textOf(point)).size);
}

/** Equal for equal points, whatever the order of their parameters. */
export function textOf(point: Point): string {
  return JSON.stringify(parameterNames(point).map((name) => [name, point[name]]));
}

/** A grid of one to three parameters with a few values each, from a small world so that grids overlap. */
export function randomGrid(random: () => number): ListGrid {
  const below = (n: number) => Math.floor(random() * n);
  const world: Scalar[] = [0, -0, 1, 2, 3, 0.5, '1', 'a', true, null];
  const names = ['m', 'n', 'seed'].slice(0, 1 + below(3));
  return Object.fromEntries(
    names.map((name) => [name, Array.from({ length: 1 + below(4) }, () => world[below(world.length)]!)]),
  );
}

/** Up to three entries of a stop list over the same world. */
export function randomStopList(random: () => number): Point[] {
  return Array.from({ length: Math.floor(random() * 4) }, () => {
    const points = expand(randomGrid(random));
    return points[Math.floor(random() * points.length)]!;
  });
}
