import { messageOf } from '../../runtime/errors.ts';
import type { Point } from '../../wire/point.ts';
import type { Row } from '../../wire/row.ts';
import { checkedRow } from './checked-row.ts';
import { bounded, FAILURE_CHARACTERS } from './failure.ts';
import { ComputationError } from './slot.ts';

/** Beginning of a wrong answer that its error quotes, characters. */
const QUOTED_CHARACTERS = 200;

/** Stands for NaN between two parses; no program writes it by accident. */
const NAN_MARK = '\u0000NaN';

/** Strings, which are left alone, or the numbers that Python's json module prints and JSON does not know. */
const PYTHON_NUMBERS = /"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g;

/**
 * The row that a program's answer to `point` gives: one line, a JSON object of columns.
 *
 * Python's NaN, Infinity and -Infinity are taken as numbers. An object whose `error` is a string fails the
 * point (`point-failed`); whatever else is no row fails it with `bad-output`, which quotes the line.
 */
export function rowOfAnswer(line: string, point: Point): Row {
  const answer = parsed(line);
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) {
    throw badOutput('not a JSON object', line);
  }
  if ('error' in answer && typeof answer.error === 'string') {
    throw new ComputationError('point-failed', bounded(answer.error, FAILURE_CHARACTERS));
  }
  try {
    return checkedRow(point, answer);
  } catch (error) {
    throw badOutput(`no row: ${messageOf(error)}`, line);
  }
}

/** The failure of a point at which a program printed `output` instead of a row. */
export function badOutput(what: string, output: string): ComputationError {
  const quoted = JSON.stringify(bounded(output, QUOTED_CHARACTERS));
  return new ComputationError('bad-output', `the program's answer is ${what}; it printed ${quoted}`);
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    if (/NaN|Infinity/.test(line)) return parsedAsPython(line);
    throw badOutput('not JSON', line);
  }
}

function parsedAsPython(line: string): unknown {
  // 1e999 overflows to Infinity, so only NaN needs a mark.
  const json = line.replace(PYTHON_NUMBERS, (token) => {
    if (token.startsWith('"')) return token;
    return token === 'NaN' ? JSON.stringify(NAN_MARK) : token.replace('Infinity', '1e999');
  });
  try {
    return JSON.parse(json, (_name, value: unknown) => (value === NAN_MARK ? NaN : value));
  } catch {
    throw badOutput('not JSON', line);
  }
}
