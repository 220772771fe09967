import { z } from 'zod';
import { Refusal, invalid } from './refusal.ts';

/** `body`, parsed as JSON and checked by `shape`; throws 400 for what is no JSON and for names that are not known. */
export function written<Shape extends z.ZodType>(shape: Shape, body: Buffer): z.infer<Shape> {
  return checked(shape, parsed(body));
}

/** The value of a request's JSON; throws 400 `parseError`. */
export function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    throw new Refusal(400, 'parseError', 'Parse Error');
  }
}

/** `value`, checked by `shape`; throws 400 `invalid` that names the first thing wrong, as Google's front end does. */
export function checked<Shape extends z.ZodType>(shape: Shape, value: unknown): z.infer<Shape> {
  const { success, data, error } = shape.safeParse(value);
  if (success) return data;
  const [issue] = error.issues;
  if (issue === undefined) throw invalid('Invalid JSON payload received.');
  const place = issue.path.join('.');
  if (issue.code !== 'unrecognized_keys') throw invalid(`Invalid value at '${place}': ${issue.message}`);
  throw invalid(`Invalid JSON payload received. Unknown name "${issue.keys[0]}"${place === '' ? '' : ` at '${place}'`}: Cannot find field.`);
}
