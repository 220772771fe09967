import type { Scalar } from '../../wire/point.ts';

/**
 * The text that a parameter's value has in a column of type STRING, where a parameter may have texts and numbers: itself,
 * and a text that would be read as another value in quotes, as JSON writes it. So no two values have one text.
 */
export function textThere(value: string | number): string {
  if (typeof value === 'number') return String(value);
  return valueThere(value) === value ? value : JSON.stringify(value);
}

/** The value that a parameter's text in a column of type STRING stands for: textThere the other way. */
export function valueThere(text: string): Scalar {
  const value = text.startsWith('"') ? quoted(text) : Number(text);
  if (typeof value === 'string') return value;
  // As JavaScript prints it, and no other way: 007 is a text, and so are Infinity and NaN.
  return Number.isFinite(value) && String(value) === text ? (value as number) : text;
}

/** The text between the quotes; undefined where it is not written as JSON writes it. */
function quoted(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' && JSON.stringify(value) === text ? value : undefined;
  } catch {
    return undefined;
  }
}
