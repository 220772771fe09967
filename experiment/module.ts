import { readFile, stat } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { pathToFileURL } from 'node:url';
import { EXIT, SluiceError, messageOf, mistake } from '../runtime/errors.ts';
import { excerpt } from './excerpt.ts';
import type { Experiment } from './experiment.ts';
import { didYouMean } from './nearest.ts';
import { pointCheckOf } from './parameters.ts';

const EXPORTS = ['name', 'version', 'parameters', 'run', 'reduce'];

/** Longest name and version, as wire/definition.ts has them. */
const MAX_TEXT_LENGTH = 128;

/**
 * The experiment that the JavaScript or TypeScript file at `path` (absolute) exports: `name`, `version`,
 * `run(point, context)`, and, if it likes, `parameters` (pointCheckOf) and `reduce(rows)`.
 *
 * Throws a SluiceError with exit code 2: `no-such-module`, or `bad-module` with the file and the line where
 * it cannot be imported, or the file and the export that is missing or wrong.
 */
export async function importExperiment(path: string): Promise<Experiment> {
  const exported = await importFile(path);
  const name = textExport(exported, 'name', path);
  const version = textExport(exported, 'version', path);
  checkFunction(exported, 'run', path);
  if (exported['reduce'] !== undefined) checkFunction(exported, 'reduce', path);
  const { run, reduce } = exported as unknown as Pick<Experiment, 'run' | 'reduce'>;
  const check = pointCheckOf(exported['parameters'], name, path);
  return { name, version, check, run, ...(reduce && { reduce }) };
}

async function importFile(path: string): Promise<Record<string, unknown>> {
  const isFile = await stat(path).then(
    (facts) => facts.isFile(),
    () => false,
  );
  if (!isFile) {
    throw mistake('no-such-module', `${path}: no such file; it is to hold the experiment's module`);
  }
  try {
    return (await import(/* @vite-ignore */ pathToFileURL(path).href)) as Record<string, unknown>;
  } catch (cause) {
    const place = cause instanceof SyntaxError ? await syntaxErrorPlace(cause, path) : path;
    throw new SluiceError('bad-module', `${place}: cannot be imported: ${firstLine(messageOf(cause))}`, {
      exitCode: EXIT.mistake,
      cause,
    });
  }
}

/** `file:line` of a syntax error; of plain JavaScript only Node's type stripper tells the line. */
async function syntaxErrorPlace(error: SyntaxError, path: string): Promise<string> {
  const stated = placeInStack(error);
  if (stated !== undefined) return stated;
  const source = await readFile(path, 'utf8');
  try {
    withoutWarnings(() => stripTypeScriptTypes(source, { sourceUrl: path }));
  } catch (again) {
    return placeInStack(again) ?? path;
  }
  return path;
}

/** Node warns that its stripper may change, which the reader of an error in their own file has no use for. */
function withoutWarnings(act: () => void): void {
  const emitWarning = process.emitWarning.bind(process);
  process.emitWarning = () => {};
  try {
    act();
  } finally {
    process.emitWarning = emitWarning;
  }
}

function placeInStack(error: unknown): string | undefined {
  const first = error instanceof Error ? firstLine(error.stack ?? '') : '';
  return /^(?:file:\/\/)?(\/.*:\d+)$/.exec(first)?.[1];
}

function textExport(exported: Record<string, unknown>, name: string, path: string): string {
  const value = exported[name];
  if (typeof value === 'string' && value !== '' && value.length <= MAX_TEXT_LENGTH) return value;
  throw badExport(exported, name, `a text of 1 to ${MAX_TEXT_LENGTH} characters`, path);
}

function checkFunction(exported: Record<string, unknown>, name: string, path: string): void {
  if (typeof exported[name] !== 'function') throw badExport(exported, name, 'a function', path);
}

function badExport(
  exported: Record<string, unknown>,
  name: string,
  expected: string,
  path: string,
): SluiceError {
  const others = Object.keys(exported).filter((other) => !EXPORTS.includes(other));
  const found =
    exported[name] !== undefined
      ? `found ${excerpt(exported[name])}`
      : others.length > 0
        ? `found only ${others.join(', ')}${didYouMean(name, others)}`
        : 'found no such export';
  return mistake('bad-module', `${path}: expected an export "${name}", ${expected}, ${found}`);
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0]!;
}
