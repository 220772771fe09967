import { z } from 'zod';
import { mistake } from '../runtime/errors.ts';
import { tableNameSchema } from '../wire/names.ts';
import { excerpt } from './excerpt.ts';
import { didYouMean } from './nearest.ts';

/** The keys that may hold a spec's grids, of which it has one. */
export const GRID_KEYS = ['params', 'multi_res', 'parameters'] as const;

/** A spec to show where one was expected. */
export const EXAMPLE_SPEC = '{"params": [{"nrow": [1000], "ncol": [1000], "seed": {"range": [0, 1000]}}]}';

const KNOWN_KEYS = ['experiment', 'table_name', ...GRID_KEYS, 'stop_list'] as const;

/** EMS writes None as null: a key that is null is taken for absent. */
const formSchema = z.looseObject({
  experiment: z.unknown().optional(),
  table_name: tableNameSchema.nullish(),
  params: z.array(z.unknown()).nullish(),
  multi_res: z.array(z.unknown()).nullish(),
  parameters: z.unknown().optional(),
  stop_list: z.unknown().optional(),
});

/** A spec's keys, each of its kind; what grids, stop list and experiment hold is not judged yet. */
export type SpecForm = z.infer<typeof formSchema>;

/** The form of `value`, a parsed JSON document; throws a SluiceError `bad-spec` where it is no spec's. */
export function parseForm(value: unknown): SpecForm {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw mistake('bad-spec', `a spec is a JSON object such as ${EXAMPLE_SPEC}, found ${excerpt(value)}`);
  }
  const parsed = formSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw mistake('bad-spec', faultOf(parsed.error, value));
}

/** One warning for each key that a spec does not have. */
export function unknownKeys(form: SpecForm): string[] {
  return Object.keys(form)
    .filter((key) => !(KNOWN_KEYS as readonly string[]).includes(key))
    .map((key) => `unknown key ${excerpt(key)} in the spec is ignored${didYouMean(key, KNOWN_KEYS)}`);
}

function faultOf(error: z.ZodError, value: object): string {
  const issue = error.issues[0]!;
  const key = String(issue.path[0]);
  const found = excerpt((value as Record<string, unknown>)[key]);
  if (key === 'table_name') {
    const rule = issue.code === 'invalid_type' ? 'a table name is a text' : issue.message;
    return `table_name: ${rule}, found ${found}`;
  }
  return `${key}: expected a list of grids, found ${found}; one grid alone goes under "parameters"`;
}
