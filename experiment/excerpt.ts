/** Longest excerpt in a message, in characters: one line of a terminal holds it with its sentence. */
const MAX_EXCERPT_LENGTH = 60;

/** The value as messages show it: its JSON text where it has one, cut to 60 characters, on one line. */
export function excerpt(value: unknown): string {
  const text = textOf(value).replaceAll(/\s+/g, ' ');
  return text.length <= MAX_EXCERPT_LENGTH ? text : `${text.slice(0, MAX_EXCERPT_LENGTH - 3)}...`;
}

function textOf(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (typeof value === 'function') return 'a function';
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return `a value of type ${typeof value}`;
  }
}
