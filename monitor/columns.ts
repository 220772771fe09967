/** Lines of cells, each column as wide as its widest cell; columns of `right` (by number) are set flush right. */
export function columns(lines: readonly (readonly string[])[], right: readonly number[] = []): string[] {
  const widths: number[] = [];
  for (const cells of lines) for (const [index, cell] of cells.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length);
  return lines.map((cells) =>
    cells.map((cell, index) => (right.includes(index) ? cell.padStart(widths[index]!) : cell.padEnd(widths[index]!))).join('  ').trimEnd(),
  );
}
