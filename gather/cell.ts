/** What a cell of a CSV file looks like; what a column takes of it is in column.ts. */
export type Look = 'number' | 'text' | 'truth' | 'vector' | 'empty' | 'missing' | 'infinite' | 'blank';

/** Numbers as Python, R and JavaScript write them: 12, -0.5, 1e-05, .5, 3. */
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

const INTEGER = /^[+-]?\d+$/;

/** Some digit of the number before its exponent is not 0. */
const NOT_ZERO = /^[+-]?[0.]*[1-9]/;

/** What pandas, NumPy, R, Python, SQL and C print where there is no number. */
const MISSING = /^(?:[+-]?nan|na|n\/a|#n\/a|#na|<na>|none|null|nat|[+-]?1\.#(?:qnan|snan|ind))$/i;

const INFINITE = /^([+-]?)(?:inf|infinity|1\.#inf)$/i;

const TRUTH = /^(?:(true|True|TRUE)|false|False|FALSE)$/;

/** What the text of a CSV cell looks like; `blank` is anything but a text with blanks around it. */
export function lookOf(text: string): Look {
  if (NUMBER.test(text)) return 'number';
  if (text === '') return 'empty';
  if (TRUTH.test(text)) return 'truth';
  if (MISSING.test(text)) return 'missing';
  if (INFINITE.test(text)) return 'infinite';
  if (text.startsWith('[') && listOf(text) !== undefined) return 'vector';
  const bare = text.trim();
  return bare !== text && lookOf(bare) !== 'text' ? 'blank' : 'text';
}

/**
 * The number that a text which looks like one stands for. Throws an Error where a double does not hold it: an integer that
 * would be rounded, or what would become infinite or 0.
 */
export function numberOf(text: string): number {
  const value = Number(text);
  // JavaScript prints doubles up to 1e21 as integers: those come back as they were.
  const isRounded = INTEGER.test(text) && !Number.isSafeInteger(value) && String(value) !== text;
  if (!isRounded && Number.isFinite(value) && (value !== 0 || !NOT_ZERO.test(text))) return value;
  throw new Error(`expected a number that a double holds, found ${isRounded ? 'the integer ' : ''}${text}`);
}

/** True or false, as Python, R and JavaScript write them. */
export function truthOf(text: string): boolean {
  return TRUTH.exec(text)?.[1] !== undefined;
}

/** The infinity that a text which looks like one stands for. */
export function infinityOf(text: string): number {
  return INFINITE.exec(text)?.[1] === '-' ? -Infinity : Infinity;
}

/** The numbers of a JSON list, as `export` writes a vector that is kept whole, null standing for NaN; undefined for any other text. */
export function listOf(text: string): Float64Array | undefined {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(list) || list.length === 0) return undefined;
  if (!list.every((item) => typeof item === 'number' || item === null)) return undefined;
  return Float64Array.from(list as (number | null)[], (item) => item ?? Number.NaN);
}
