import { readFileSync, readdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

/** The checkout. */
export const ROOT = resolve(import.meta.dirname, '..', '..', '..');

/** Folders that hold no source of ours. */
const SKIPPED: ReadonlySet<string> = new Set(['node_modules', 'dist', 'data', '.git', '.cache']);

/** One source file. */
export interface Source {
  /** From the checkout, with forward slashes: `store/open.ts`. */
  readonly path: string;
  /** Its text without comments. */
  readonly code: string;
}

/** One import: of a package or built-in by its name, of a file by its path from the checkout. */
export interface Import {
  readonly target: string;
  readonly isFile: boolean;
  /** Whether only types are imported, which are gone when the code runs. */
  readonly isType: boolean;
}

/** Every TypeScript and .mjs file of the checkout but AssemblyScript's, which has rules of its own. */
export function readSources(): Source[] {
  return filesIn(ROOT)
    .map((file) => relative(ROOT, file).replaceAll('\\', '/'))
    .filter((path) => /\.(tsx?|mts|mjs|js)$/.test(path) && !path.startsWith('kernel/assembly/'))
    .map((path) => ({ path, code: withoutComments(readFileSync(join(ROOT, path), 'utf8')) }));
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (SKIPPED.has(entry.name)) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesIn(path) : [path];
  });
}

/** Comments only at the start of a line or after white space, so that the slashes of an URL in a text stay. */
export function withoutComments(text: string): string {
  return text.replaceAll(/(^|\s)\/\*[\s\S]*?\*\//g, '$1').replaceAll(/(^|\s)\/\/[^\n]*/g, '$1');
}

/** What a source imports, statically or not, and exports from elsewhere. */
export function importsOf({ path, code }: Source): Import[] {
  const statements = code.matchAll(/(?:^|[\n;])\s*(?:import|export)\s+(type\s+)?(?:[\w$*{][^;'"]*?\sfrom\s*)?(['"])([^'"\n]+)\2/g);
  const calls = code.matchAll(/\bimport\(\s*(['"])([^'"\n]+)\1\s*\)/g);
  return [
    ...[...statements].map(([, type, , target = '']) => resolved(path, target, type !== undefined)),
    ...[...calls].map(([, , target = '']) => resolved(path, target, false)),
  ];
}

function resolved(path: string, target: string, isType: boolean): Import {
  if (!target.startsWith('.')) return { target, isFile: false, isType };
  return { target: relative(ROOT, resolve(ROOT, path, '..', target)).replaceAll('\\', '/'), isFile: true, isType };
}
