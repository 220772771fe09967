import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { extname, join } from 'node:path';

/** The built page; setup makes it. */
export const PAGE_FOLDER = join(import.meta.dirname, '..', '..', 'dist', 'page');

/** The file that is the page. */
const INDEX = 'index.html';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};

/** A file of the page. */
export interface PageFile {
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * The page's files by the path of their URL, `/` and `/page.js`: read once, so that no request names a file of the disk.
 * Empty where the page is not built.
 */
export function readPageFiles(folder = PAGE_FOLDER): ReadonlyMap<string, PageFile> {
  if (!existsSync(join(folder, INDEX))) return new Map();
  const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile() && extname(entry.name) in TYPES).map(({ name }) => name);
  return new Map(names.map((name) => [name === INDEX ? '/' : `/${name}`, { type: TYPES[extname(name)]!, bytes: new Uint8Array(readFileSync(join(folder, name))) }]));
}
