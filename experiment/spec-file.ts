import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { EXIT, SluiceError, messageOf, mistake } from '../runtime/errors.ts';
import { jsonFault } from './json-fault.ts';
import { parseReference } from './reference.ts';
import { parseSpec } from './spec.ts';
import type { Spec, SpecSource } from './spec.ts';

/** Largest spec file, in bytes: 64 MB of values, where ranges take none. */
const MAX_SPEC_BYTES = 64 * 2 ** 20;

/**
 * The spec in the JSON file at `path`; paths in it start at the file's folder, those said beside it at the
 * working folder.
 *
 * Throws a SluiceError with exit code 2: `no-such-spec`, `bad-spec` (a folder, too big, not JSON with line
 * and column, or what parseSpec refuses); messages begin with the path as given.
 */
export async function readSpecFile(path: string, beside: Omit<SpecSource, 'directory'> = {}): Promise<Spec> {
  const text = await readText(path);
  const value = parseJson(text, path);
  try {
    const experiment = beside.experiment === undefined ? undefined : fromHere(beside.experiment);
    return parseSpec(value, { ...beside, experiment, directory: dirname(resolve(path)) });
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error;
    throw new SluiceError(error.code, `${path}: ${error.message}`, {
      exitCode: error.exitCode,
      cause: error,
    });
  }
}

/** An experiment named at the keyboard: a module's path made absolute, a name as it is. */
function fromHere(experiment: string): string {
  const reference = parseReference(experiment, process.cwd());
  return reference.kind === 'module' ? reference.path : experiment;
}

async function readText(path: string): Promise<string> {
  try {
    const facts = await stat(path);
    if (facts.isDirectory()) throw mistake('bad-spec', `${path}: a spec is a JSON file, found a folder`);
    if (facts.size > MAX_SPEC_BYTES) {
      throw mistake(
        'bad-spec',
        `${path}: a spec has at most ${MAX_SPEC_BYTES / 2 ** 20} MB, found ` +
          `${Math.ceil(facts.size / 2 ** 20)} MB; write long lists as {"range": [from, to, step]}`,
      );
    }
    return (await readFile(path, 'utf8')).replace(/^\uFEFF/, '');
  } catch (error) {
    if (error instanceof SluiceError) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw mistake('no-such-spec', `${path}: no such file; a spec is a JSON file`);
    }
    throw new SluiceError('bad-spec', `${path}: cannot be read: ${messageOf(error)}`, {
      exitCode: EXIT.mistake,
      cause: error,
    });
  }
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const fault = jsonFault(text);
    if (fault === undefined) throw mistake('bad-spec', `${path}: not JSON: ${messageOf(error)}`);
    const found = fault.found === undefined ? 'the end of the file' : JSON.stringify(fault.found);
    throw mistake(
      'bad-spec',
      `${path}: not JSON: line ${fault.line}, column ${fault.column}: unexpected ${found}`,
    );
  }
}
