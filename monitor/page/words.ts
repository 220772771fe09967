import { numberText } from '../chart/number-text.ts';

/** `1 point`, `1,000 points`. */
export function counted(count: number, what: string): string {
  return `${numberText(count)} ${what}${count === 1 ? '' : 's'}`;
}

/** A share of 0 to 1 in percent, rounded down so that 100 % is reached only at the end: `41.2 %`, `100 %`. */
export function percent(share: number): string {
  return `${Math.floor(share * 1000) / 10} %`;
}

/** How long ago `thenMs` was at `nowMs`: `now`, `12 s ago`, `3 min ago`, `2 h ago`. */
export function ago(thenMs: number, nowMs: number): string {
  const seconds = Math.max(0, Math.round((nowMs - thenMs) / 1000));
  if (seconds < 6) return 'now';
  if (seconds < 120) return `${seconds} s ago`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)} min ago`;
  return `${Math.floor(seconds / 3600)} h ago`;
}

/** Seconds a point: `12 ms`, `0.34 s`, `75 s`; a dash where they are not known. */
export function pointTime(seconds: number | null): string {
  if (seconds === null) return '–';
  return seconds < 0.1 ? `${numberText(seconds * 1000, 2)} ms` : `${numberText(seconds)} s`;
}
