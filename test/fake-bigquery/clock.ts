/** Milliseconds since 1970, which a test can move on: a day passes without waiting for it. */
export type Clock = {
  now(): number;
  advance(ms: number): void;
};

/** A clock that goes like `base` and is ahead of it by what it was advanced. */
export function movableClock(base: () => number = Date.now): Clock {
  let ahead = 0;
  return {
    now: () => base() + ahead,
    advance(ms) {
      ahead += ms;
    },
  };
}
