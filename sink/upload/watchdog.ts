import { SluiceError } from '../../runtime/errors.ts';

/** Watches something that has to get on. */
export interface Watchdog {
  /** It has got on. */
  feed(): void;
  /** It has ended. */
  stop(): void;
}

/** Calls `bark` once, with an error `timed-out`, when it is not fed for `timeoutMs`. */
export function watchdog(timeoutMs: number, bark: (late: SluiceError) => void): Watchdog {
  const timer = setTimeout(() => bark(new SluiceError('timed-out', `there was no answer for ${timeoutMs / 1000} s`)), timeoutMs);
  return { feed: () => void timer.refresh(), stop: () => clearTimeout(timer) };
}
