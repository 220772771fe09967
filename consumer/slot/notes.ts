import type { Scalar } from '../../wire/point.ts';
import { ComputationError } from './slot.ts';

/** What an experiment notes of one computation. */
export interface Notes {
  /** All that was noted so far, by name. */
  readonly noted: Readonly<Record<string, Scalar>>;
  /** Keeps `value`; fails with `bad-row`, naming the note, where it is no scalar. */
  note(name: string, value: unknown): void;
}

/** No notes yet. */
export function openNotes(): Notes {
  const noted: Record<string, Scalar> = {};
  return {
    noted,
    note(name, value) {
      if (!isScalar(value)) {
        throw new ComputationError(
          'bad-row',
          `note "${name}" is a number, a text, true, false or null, found ${typeof value}`,
        );
      }
      noted[name] = value;
    },
  };
}

function isScalar(value: unknown): value is Scalar {
  return value === null || ['number', 'string', 'boolean'].includes(typeof value);
}
