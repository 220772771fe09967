/** Texts that a shell and an #SBATCH line both take as one word without quotes. */
const PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/;

/** `text` as one word of a shell. */
export function shellWord(text: string): string {
  return PLAIN.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/**
 * `text` as one word of an #SBATCH line, which has rules of its own: a backslash escapes also between quotes, and # begins
 * a comment outside of them. A line has no way to hold a line break.
 */
export function directiveWord(text: string): string {
  return PLAIN.test(text) ? text : `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

/** The folder `path` in a file name of sbatch, where % stands for something else. */
export function fileNamePattern(path: string): string {
  return path.replaceAll('%', '%%');
}
