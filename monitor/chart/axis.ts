/** What an axis of a chart is asked to be. */
export interface Axis {
  /** What it measures, with the unit: `rows`, `seconds a point (s)`. */
  readonly title: string;
  /** `linear` unless told; on a log axis what is not above 0 has no place and is left out. */
  readonly kind?: 'linear' | 'log';
  /** Its ends where they are not to follow from the data. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** Whether `value` has a place on the axis. */
export function hasPlace(axis: Axis, value: number): boolean {
  return Number.isFinite(value) && (axis.kind !== 'log' || value > 0);
}
