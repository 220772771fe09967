/** A moment as a person at this machine reads it: `10:42`; with the day, `11-24 10:42`, where it is more than 20 hours from `nowMs`. */
export function clock(atMs: number, nowMs: number): string {
  const at = new Date(atMs);
  const two = (number: number): string => String(number).padStart(2, '0');
  const time = `${two(at.getHours())}:${two(at.getMinutes())}`;
  return Math.abs(atMs - nowMs) < SAME_DAY_MS ? time : `${two(at.getMonth() + 1)}-${two(at.getDate())} ${time}`;
}

/** Less than a day, so that a time of day is never mistaken for that of tomorrow. */
const SAME_DAY_MS = 20 * 3_600_000;
