import { messageOf } from '../runtime/errors.ts';
import { kindOf, openColumn, type ColumnKind } from './column.ts';
import { shapeOf } from './shape.ts';
import type { SourceCell } from './source.ts';

const COMPONENT: ColumnKind = { look: 'number', says: 'every component of a vector' };

/** Makes the cells of rows of their texts. */
export interface Columns {
  /** The cells of a line; throws an Error that names the column whose cell is bad. */
  cells(texts: readonly string[], line: number): SourceCell[];
}

/** What is known of columns before a file is read, by their names. */
export interface KnownColumns {
  /** Those that hold numbers in the table. */
  readonly numbers: ReadonlySet<string>;
  /** Those that hold nothing but true and false in the table: there 1 and 0 are those as well. */
  readonly truths: ReadonlySet<string>;
  /** Parameters that have texts in the plan, and perhaps numbers too. */
  readonly texts: ReadonlySet<string>;
  /** Parameters that are null, or not there, at some points of the plan. */
  readonly optional: ReadonlySet<string>;
}

/** Nothing is known. */
export const UNKNOWN_COLUMNS: KnownColumns = { numbers: new Set(), truths: new Set(), texts: new Set(), optional: new Set() };

/** Learns from lines what their columns hold: the first cell that tells it counts. */
export interface ColumnKinds {
  /** Whether more lines may tell more. */
  learn(texts: readonly string[], line: number): boolean;
  readonly kinds: readonly (ColumnKind | undefined)[];
}

/** The kinds of the columns of `header`, of which `known` tells at first. */
export function learnKinds(header: readonly string[], { numbers, truths, texts } = UNKNOWN_COLUMNS): ColumnKinds {
  const kinds = header.map((name): ColumnKind | undefined => {
    if (texts.has(name)) return { look: 'text', says: 'the plan' };
    if (truths.has(name)) return { look: 'truth', says: 'the table', asDigits: true };
    return numbers.has(name) ? { look: 'number', says: 'the table' } : undefined;
  });
  const learn = (texts: readonly string[], line: number): boolean => {
    for (let at = 0; at < header.length; at += 1) kinds[at] ??= kindOf(texts[at] ?? '', line);
    return kinds.includes(undefined);
  };
  return { learn, kinds };
}

/**
 * The columns of `header`, of which these kinds are known. With `allowMissing` cells among numbers may be missing (NaN; empty
 * ones nothing) or infinite; those of the columns named `optional` may be empty in any case.
 */
export function openColumns(
  header: readonly string[],
  kinds: readonly (ColumnKind | undefined)[],
  { allowMissing = false, optional = UNKNOWN_COLUMNS.optional }: { readonly allowMissing?: boolean; readonly optional?: ReadonlySet<string> } = {},
): Columns {
  const vectors = vectorsOf(header);
  const components = new Set(vectors.flat());
  const columns = header.map((name, at) => {
    const mayBeEmpty = components.has(at) || optional.has(name);
    return openColumn(components.has(at) ? COMPONENT : kinds[at], { mayBeEmpty, allowMissing });
  });
  return {
    cells: (texts, line) => {
      const cells = columns.map((column, at) => named(header[at], () => column.take(texts[at] ?? '', line)));
      const gap = allowMissing ? undefined : vectors.map((positions) => gapIn(positions, cells)).find((at) => at !== undefined);
      if (gap !== undefined) named(header[gap], () => openColumn(COMPONENT, { mayBeEmpty: false, allowMissing }).take('', line));
      return cells;
    },
  };
}

function named<T>(name: string | undefined, make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw new Error(`column "${name}": ${messageOf(error)}`, { cause: error });
  }
}

/** The positions of each vector's components; a header that is bad is refused by who makes rows of it. */
function vectorsOf(header: readonly string[]): (readonly number[])[] {
  try {
    const { results } = shapeOf(header, { required: [], optional: [] });
    return results.filter(({ isVector }) => isVector).map(({ positions }) => positions);
  } catch {
    return [];
  }
}

/** Where a vector has an empty cell before one that is not; behind its last component there are none. */
function gapIn(positions: readonly number[], cells: readonly SourceCell[]): number | undefined {
  let last = positions.length - 1;
  while (last >= 0 && cells[positions[last]!] === null) last -= 1;
  return positions.slice(0, last + 1).find((at) => cells[at] === null);
}
