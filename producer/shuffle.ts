import seedrandom from 'seedrandom';

/** Seed of every shuffle: two producers of one grid offer its points in the same order. */
const SHUFFLE_SEED = 'sluice';

/**
 * The numbers 0 .. n-1 in a random order that is the same every time (Fisher and Yates, Alea generator).
 * Points that take long, or fail, are often neighbours in a grid: shuffled, they do not pile up at the end.
 */
export function shuffledOrder(n: number, seed = SHUFFLE_SEED): Uint32Array {
  const random = seedrandom.alea(seed);
  const order = Uint32Array.from({ length: n }, (_, index) => index);
  for (let last = n - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    const moved = order[last]!;
    order[last] = order[other]!;
    order[other] = moved;
  }
  return order;
}
