import type { SourceCell } from './source.ts';

/** Numbers as Python, R and JavaScript write them: 12, -0.5, 1e-05, .5, 3. */
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

const INTEGER = /^[+-]?\d+$/;

/** What is no number and yet no text: as pandas, NumPy, R and JavaScript write it. */
const WORDS: ReadonlyMap<string, SourceCell> = new Map<string, SourceCell>([
  ['', null],
  ['NA', null],
  ['nan', Number.NaN],
  ['NaN', Number.NaN],
  ['inf', Infinity],
  ['Inf', Infinity],
  ['Infinity', Infinity],
  ['-inf', -Infinity],
  ['-Inf', -Infinity],
  ['-Infinity', -Infinity],
  ...['true', 'True', 'TRUE'].map((word) => [word, true] as const),
  ...['false', 'False', 'FALSE'].map((word) => [word, false] as const),
]);

/**
 * What the text of a CSV cell stands for: a number, true or false, nothing, a vector (a JSON list of numbers, as `export`
 * writes those that are kept whole), else the text itself. Throws an Error for an integer that a double does not hold.
 */
export function cellOf(text: string): SourceCell {
  if (NUMBER.test(text)) return numberOf(text);
  const word = WORDS.get(text);
  if (word !== undefined) return word;
  return text.startsWith('[') ? (vectorOf(text) ?? text) : text;
}

function numberOf(text: string): number {
  const value = Number(text);
  // JavaScript prints doubles up to 1e21 as integers: those come back as they were.
  if (Number.isSafeInteger(value) || !INTEGER.test(text) || String(value) === text) return value;
  throw new Error(`expected a number that a double holds, found the integer ${text}`);
}

/** The numbers of a JSON list, null standing for NaN; undefined where the text is no such list. */
function vectorOf(text: string): Float64Array | undefined {
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
