/** Clashes of which the places are kept; the others are counted. */
const KEPT = 5;

/** Gathered rows whose stored one says something else, or is missing. */
export interface Clashes {
  readonly count: number;
  /** The first of them: where it stands, and what the clash is. */
  readonly first: readonly string[];
}

/** Counts clashes, and keeps the first of them. */
export interface ClashCounter {
  /** Counts one, unless there is no fault. */
  add(place: string, fault: string | undefined): void;
  addAll(clashes: Clashes): void;
  counted(): Clashes;
}

/** A counter of none yet. */
export function countClashes(): ClashCounter {
  let count = 0;
  const first: string[] = [];
  const keep = (lines: readonly string[]): void => void first.push(...lines.slice(0, KEPT - first.length));
  return {
    add: (place, fault) => {
      if (fault === undefined) return;
      count += 1;
      keep([`${place}: ${fault}`]);
    },
    addAll: (clashes) => {
      count += clashes.count;
      keep(clashes.first);
    },
    counted: () => ({ count, first }),
  };
}
