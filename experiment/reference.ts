import { basename, isAbsolute, resolve } from 'node:path';
import { z } from 'zod';
import { mistake } from '../runtime/errors.ts';
import { excerpt } from './excerpt.ts';

/** Seconds that a program may take for a point unless the spec says: a day, so that nothing waits forever. */
export const DEFAULT_TIMEOUT_SECONDS = 86_400;

/** Which experiment a spec asks for, with every path absolute; `experiment/registry.ts` finds it. */
export type ExperimentReference =
  | { readonly kind: 'builtin'; readonly name: string }
  | { readonly kind: 'module'; readonly path: string }
  | {
      readonly kind: 'program';
      readonly command: readonly string[];
      readonly name: string;
      readonly version: string;
      /** Where the program is started: the spec's folder unless the spec names another. */
      readonly directory: string;
      readonly timeoutSeconds: number;
    };

/** The experiment as a spec writes it. */
export type ReferenceJson =
  | string
  | { command: readonly string[]; name: string; version: string; directory: string; timeoutSeconds: number };

const text = z.string().min(1, 'cannot be empty').max(128, 'has at most 128 characters');

const programSchema = z.strictObject({
  command: z
    .array(z.string().min(1), 'is a list of texts, such as ["python3", "f.py"]')
    .min(1, 'cannot be empty'),
  name: text,
  version: text,
  directory: z.string().min(1, 'cannot be empty').optional(),
  timeoutSeconds: z.number().positive('is a number of seconds above 0').optional(),
});

/**
 * The reference that a spec's `experiment` stands for: a built-in's name, the path of a JavaScript or
 * TypeScript file (it holds a slash or ends in .js, .mjs, .ts or .mts), or a program's command.
 *
 * Relative paths start at `directory`. Throws a SluiceError `bad-spec` on anything else.
 */
export function parseReference(value: unknown, directory: string): ExperimentReference {
  if (typeof value === 'string' && value !== '') return parseName(value, directory);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw mistake(
      'bad-spec',
      'experiment: expected the name of a built-in, the path of a module ("./mine.ts") or ' +
        `{"command": [...], "name": ..., "version": ...}, found ${excerpt(value)}`,
    );
  }
  const parsed = programSchema.safeParse(value);
  if (!parsed.success) throw mistake('bad-spec', programFault(parsed.error, value));
  const { command, name, version, timeoutSeconds = DEFAULT_TIMEOUT_SECONDS } = parsed.data;
  const start = resolve(directory, parsed.data.directory ?? '.');
  return { kind: 'program', command, name, version, directory: start, timeoutSeconds };
}

/** The JSON that gives the reference again, from whatever folder. */
export function referenceJson(reference: ExperimentReference): ReferenceJson {
  if (reference.kind === 'builtin') return reference.name;
  if (reference.kind === 'module') return reference.path;
  const { command, name, version, directory, timeoutSeconds } = reference;
  return { command, name, version, directory, timeoutSeconds };
}

function parseName(name: string, directory: string): ExperimentReference {
  if (/\.(js|mjs|ts|mts)$/.test(name)) return { kind: 'module', path: resolve(directory, name) };
  if (!isAbsolute(name) && !/[\\/]/.test(name) && !name.endsWith('.py')) return { kind: 'builtin', name };
  throw mistake(
    'bad-spec',
    `experiment: a module is a file that ends in .ts, .mts, .js or .mjs, found ` +
      `${excerpt(name)}; a program in another language is written as {"command": ["python3", ` +
      `${JSON.stringify(basename(name))}], "name": "mine", "version": "1"}`,
  );
}

function programFault(error: z.ZodError, value: object): string {
  const issue = error.issues[0]!;
  if (issue.code === 'unrecognized_keys') {
    return (
      `experiment: unknown key ${excerpt(issue.keys[0])}; a program has command, name, version, ` +
      'directory and timeoutSeconds'
    );
  }
  const [key] = issue.path;
  const found: unknown = (value as Record<string, unknown>)[String(key)];
  if (found === undefined) {
    return `experiment: a program needs "${String(key)}", a text of your choice that names it`;
  }
  return `experiment.${issue.path.join('.')}: ${issue.message.toLowerCase()}, found ${excerpt(found)}`;
}
