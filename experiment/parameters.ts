import { z } from 'zod';
import { messageOf, mistake } from '../runtime/errors.ts';
import type { Point } from '../wire/point.ts';
import { excerpt } from './excerpt.ts';
import type { PointCheck } from './experiment.ts';

/** What zod's schemas have, and any library's that follows them. */
interface Schema {
  safeParse(value: unknown): { success: boolean; error?: unknown };
}

/**
 * The check that a module's `parameters` export stands for: a schema with `safeParse`, as zod's, or a plain
 * JSON Schema; without one, every point passes. A schema only checks: its defaults and conversions do not
 * reach `run`, since the point that was planned is the point that is computed.
 *
 * `name` and `path` are the experiment's and its file's, for messages. Throws a SluiceError `bad-module`
 * where `parameters` is no schema; the check throws `bad-point`.
 */
export function pointCheckOf(parameters: unknown, name: string, path: string): PointCheck {
  if (parameters === undefined) return () => {};
  const schema = isSchema(parameters) ? parameters : fromJsonSchema(parameters, path);
  return (point) => {
    const parsed = schema.safeParse(point);
    if (!parsed.success) throw mistake('bad-point', `${name}: ${faultOf(parsed.error, point)}`);
  };
}

function isSchema(value: unknown): value is Schema {
  return (
    typeof value === 'object' &&
    value !== null &&
    'safeParse' in value &&
    typeof value.safeParse === 'function'
  );
}

function fromJsonSchema(parameters: unknown, path: string): Schema {
  const expected = `${path}: expected an export "parameters" that is a zod schema or a JSON Schema`;
  const isObject = typeof parameters === 'object' && parameters !== null && !Array.isArray(parameters);
  if (!isObject || !('type' in parameters) || parameters.type !== 'object') {
    throw mistake(
      'bad-module',
      `${expected}, such as {"type": "object", "properties": {...}}, found ` + excerpt(parameters),
    );
  }
  try {
    return z.fromJSONSchema(parameters as Parameters<typeof z.fromJSONSchema>[0]);
  } catch (error) {
    throw mistake('bad-module', `${expected}, and it cannot be read: ${messageOf(error)}`);
  }
}

/** The first thing wrong, as `parameter: rule, found value`. */
function faultOf(error: unknown, point: Point): string {
  const issues = typeof error === 'object' && error !== null && 'issues' in error ? error.issues : undefined;
  const issue: unknown = Array.isArray(issues) ? issues[0] : undefined;
  if (typeof issue !== 'object' || issue === null || !('message' in issue)) return messageOf(error);
  const path = 'path' in issue && Array.isArray(issue.path) ? issue.path.map(String) : [];
  const [parameter] = path;
  if (parameter === undefined) return `${String(issue.message)}, found ${excerpt(point)}`;
  const found = Object.hasOwn(point, parameter) ? excerpt(point[parameter]) : 'none';
  return `${path.join('.')}: ${String(issue.message)}, found ${found}`;
}
