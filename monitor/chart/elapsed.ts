/** A unit of time, and how many seconds it has. */
export interface TimeUnit {
  readonly name: string;
  readonly seconds: number;
}

const UNITS: readonly TimeUnit[] = [
  { name: 's', seconds: 1 },
  { name: 'min', seconds: 60 },
  { name: 'h', seconds: 3600 },
  { name: 'days', seconds: 86_400 },
];

/** Numbers on an axis stay below some hundreds: a unit is used up to so many of it. */
const MOST = 180;

/** The unit in which a span of `seconds` is a small number. */
export function unitFor(seconds: number): TimeUnit {
  return UNITS.find((unit) => seconds <= MOST * unit.seconds) ?? (UNITS.at(-1) as TimeUnit);
}
