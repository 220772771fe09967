import { escaped } from '../chart/escaped.ts';

/** A section with its heading; `body` is HTML. */
export function section(title: string, body: string): string {
  return `<section>\n<h2>${escaped(title)}</h2>\n${body}\n</section>`;
}

/** Names and values, both texts. */
export function pairs(entries: readonly (readonly [name: string, value: string])[]): string {
  return `<dl>\n${entries.map(([name, value]) => `<div><dt>${escaped(name)}</dt><dd>${escaped(value)}</dd></div>`).join('\n')}\n</dl>`;
}

/** A table of texts; nothing where it has no lines. */
export function table(columns: readonly string[], lines: readonly (readonly string[])[]): string {
  if (lines.length === 0) return '';
  const head = columns.map((column) => `<th scope="col">${escaped(column)}</th>`).join('');
  const body = lines.map((line) => `<tr>${line.map((cell) => `<td>${escaped(cell)}</td>`).join('')}</tr>`).join('\n');
  return `<table>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${body}\n</tbody>\n</table>`;
}

/** A moment to the second: `2026-11-24 18:06:20 UTC`. */
export function utc(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
