/** `lines` as a terminal of that size shows them without wrapping or scrolling; the last line says how many are left out. */
export function fitted(lines: readonly string[], columns: number, rows: number): string[] {
  // The cursor stands in a line of its own below them.
  const room = Math.max(1, rows - 1);
  const left = lines.length - room + 1;
  const shown = lines.length <= room ? lines : [...lines.slice(0, room - 1), `... and ${left} more lines`];
  return shown.map((line) => line.slice(0, columns));
}
