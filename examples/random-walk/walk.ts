import seedrandom from 'seedrandom';

/** A point of this experiment: one walk. */
interface Walk {
  /** Number of axes of the lattice. */
  dimension: number;
  steps: number;
  seed: number;
}

/** A row of it, as `reduce` receives it: the point's parameters, then what `run` returned. */
interface WalkRow extends Walk {
  squared_distance: number;
  farthest: number;
  end: Float64Array;
}

/** The experiment's name is part of every point's identity: another name, another table. */
export const name = 'random-walk';

/** Kept with every row; change it when the values change. */
export const version = '1';

/** JSON Schema, checked at every point before anything is computed. */
export const parameters = {
  type: 'object',
  properties: {
    dimension: { type: 'integer', minimum: 1, maximum: 100 },
    steps: { type: 'integer', minimum: 1, maximum: 1e9 },
    seed: { type: 'integer', minimum: 0 },
  },
  required: ['dimension', 'steps', 'seed'],
  additionalProperties: false,
};

/**
 * The end of a walk on the lattice that moves by one along a random axis at each step: a pure function of
 * the point, so that a point computed twice, here or on another node, gives the same row.
 */
export function run({ dimension, steps, seed }: Walk) {
  const random = seedrandom(`${dimension} ${steps} ${seed}`);
  const end = new Float64Array(dimension);
  let farthest = 0;
  for (let step = 0; step < steps; step++) {
    const direction = Math.floor(random() * 2 * dimension);
    end[direction >> 1]! += direction % 2 === 0 ? 1 : -1;
    farthest = Math.max(farthest, squaredLength(end));
  }
  return { squared_distance: squaredLength(end), farthest: Math.sqrt(farthest), end };
}

/**
 * For each dimension and number of steps, the mean squared distance over the steps: it tends to 1, with an
 * error that falls like 1/sqrt(walks).
 */
export function reduce(rows: Iterable<WalkRow>) {
  const groups = new Map<string, { dimension: number; steps: number; walks: number; sum: number }>();
  for (const { dimension, steps, squared_distance } of rows) {
    const id = `${dimension} ${steps}`;
    const group = groups.get(id) ?? { dimension, steps, walks: 0, sum: 0 };
    group.walks += 1;
    group.sum += squared_distance;
    groups.set(id, group);
  }
  const walks = [...groups.values()]
    .toSorted((a, b) => a.dimension - b.dimension || a.steps - b.steps)
    .map(({ dimension, steps, walks, sum }) => ({
      dimension,
      steps,
      walks,
      squaredDistancePerStep: sum / walks / steps,
    }));
  return { walks };
}

function squaredLength(position: Float64Array): number {
  return position.reduce((sum, coordinate) => sum + coordinate * coordinate, 0);
}
