import { SluiceError, messageOf } from '../runtime/errors.ts';
import { storeError } from '../store/sqlite-error.ts';

/** System errors that tell of the place where we write, not of a defect: their codes, ours, and what to do. */
const PLACES: ReadonlyMap<string, readonly [code: string, advice: string]> = new Map([
  ['ENOSPC', ['disk-full', 'free some space, or choose another folder with --data DIR']],
  ['EDQUOT', ['disk-full', 'your quota is used up; free some space, or choose another folder with --data DIR']],
  ['EROFS', ['not-writable', 'choose another folder with --data DIR']],
  ['EACCES', ['not-writable', 'check its permissions, or choose another folder with --data DIR']],
]);

/** The SluiceError that `thrown` is or stands for: a full disk, a Redis that refuses a command; undefined for a defect. */
export function knownError(thrown: unknown): SluiceError | undefined {
  if (thrown instanceof SluiceError) return thrown;
  // What went wrong while the first error was being cleaned up after: the first one is the cause.
  if (thrown instanceof SuppressedError) return knownError(thrown.suppressed) ?? knownError(thrown.error);
  if (!(thrown instanceof Error)) return undefined;
  const ofStore = storeError(thrown, 'the database');
  if (ofStore instanceof SluiceError) return ofStore;
  if (thrown.name === 'ReplyError') return new SluiceError('redis-refuses', `Redis refuses a command: ${thrown.message}`, { cause: thrown });
  const place = 'code' in thrown ? PLACES.get(String(thrown.code)) : undefined;
  return place === undefined ? undefined : new SluiceError(place[0], `${messageOf(thrown)}; ${place[1]}`, { cause: thrown });
}
