import { excerpt } from '../experiment/excerpt.ts';
import { infinityOf, listOf, lookOf, numberOf, truthOf, type Look } from './cell.ts';
import type { SourceCell } from './source.ts';

/** What a column holds, and what says so: a line, or the table. */
export interface ColumnKind {
  readonly look: 'number' | 'text' | 'truth' | 'vector';
  readonly says: string;
  /** Whether true and false may stand there as 1 and 0, too. */
  readonly asDigits?: boolean;
}

export interface ColumnOptions {
  /** Whether an empty cell means something: that the vector whose component it is has ended, or that a parameter is null. */
  readonly mayBeEmpty: boolean;
  /** Whether what is missing or infinite is taken among numbers. */
  readonly allowMissing: boolean;
}

/** Makes the cells of one column of their texts, in the order of the lines. */
export interface Column {
  /** Throws an Error where the cell is none of what the column holds. */
  take(text: string, line: number): SourceCell;
}

const NAMES: Readonly<Record<ColumnKind['look'], string>> = { number: 'a number', text: 'a text', truth: 'true or false', vector: 'a list of numbers' };

const ADVICE = '; --allow-missing takes what is missing or infinite among numbers';

/** The kind that a cell gives its column; undefined where it gives none, being empty, missing, infinite or in blanks. */
export function kindOf(text: string, line: number): ColumnKind | undefined {
  const look = lookOf(text);
  return look === 'number' || look === 'text' || look === 'truth' || look === 'vector' ? { look, says: `line ${line}` } : undefined;
}

/**
 * A column of the given kind, or of one that its first telling cell gives it. A column of texts takes every text as it
 * stands. Others refuse what is of another kind: a stray word among numbers would make a text of one number in a thousand.
 */
export function openColumn(given: ColumnKind | undefined, { mayBeEmpty, allowMissing }: ColumnOptions): Column {
  let kind = given;
  let emptyLine: number | undefined;
  const other = (text: string, advice = ''): Error => {
    const expected = kind === undefined ? 'a number or a text' : `${NAMES[kind.look]} as in ${kind.says}`;
    return new Error(`expected ${expected}, found ${text === '' ? 'nothing' : excerpt(text)}${advice}`);
  };
  const empty = (line: number): null => {
    if (!mayBeEmpty && !allowMissing && kind?.look === 'number') throw other('', ADVICE);
    emptyLine ??= line;
    return null;
  };
  const missing = (text: string, look: Look): number => {
    if (kind !== undefined && kind.look !== 'number') throw other(text);
    if (!allowMissing) throw other(text, ADVICE);
    return look === 'infinite' ? infinityOf(text) : Number.NaN;
  };
  const list = (text: string): SourceCell => {
    const numbers = listOf(text) ?? new Float64Array();
    if (numbers.some((value) => Math.abs(value) === Infinity)) throw new Error(`expected numbers that a double holds, found ${excerpt(text)}`);
    if (!allowMissing && numbers.includes(Number.NaN)) throw new Error(`expected a list of numbers, found null in it${ADVICE}`);
    return numbers;
  };
  return {
    take: (text, line) => {
      if (kind?.look === 'text') return text === '' ? null : text;
      const look = lookOf(text);
      if (look === 'empty') return empty(line);
      if (look === 'missing' || look === 'infinite') return missing(text, look);
      if (look === 'blank') throw other(text, '; take the blanks away');
      kind ??= { look, says: `line ${line}` };
      if (kind.asDigits === true && (text === '1' || text === '0')) return text === '1';
      if (look !== kind.look) throw other(text);
      if (look === 'text') return text;
      if (look === 'truth') return truthOf(text);
      if (look === 'vector') return list(text);
      if (emptyLine !== undefined && !mayBeEmpty && !allowMissing) throw new Error(`expected nothing, as in line ${emptyLine}, found a number${ADVICE}`);
      return numberOf(text);
    },
  };
}
