import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { pointCheckOf } from '../../../experiment/parameters.ts';

describe('pointCheckOf', () => {
  test('takes a zod schema, and names the parameter, the rule and what was found', () => {
    const schema = z.strictObject({ n: z.int().min(1), kind: z.enum(['a', 'b']).optional() });
    const check = pointCheckOf(schema, 'mine', '/mine.ts');
    expect(() => check({ n: 1, kind: 'b' })).not.toThrow();
    expect(() => check({ n: 0 })).toThrow(/^mine: n: .*1, found 0$/);
    expect(() => check({ n: 1, kind: 'c' })).toThrow(/^mine: kind: .*"a"\|"b", found "c"$/);
    expect(() => check({})).toThrow(/^mine: n: .*, found none$/);
    expect(() => check({ n: 1, m: 1 })).toThrow(/^mine: .*"m", found \{"n":1,"m":1\}$/);
  });

  test('does not change the point, whatever defaults a schema has', () => {
    const point = Object.freeze({ n: 1 });
    pointCheckOf(z.object({ n: z.number(), m: z.number().default(5) }), 'mine', '/mine.ts')(point);
    expect(point).toEqual({ n: 1 });
  });

  test('passes every point where there is no schema', () => {
    expect(() => pointCheckOf(undefined, 'mine', '/mine.ts')({ anything: 'x' })).not.toThrow();
  });

  test.each([null, 5, 'object', [], {}, { properties: {} }, { type: 'integer' }])(
    'refuses %j as a schema',
    (value) => {
      expect(() => pointCheckOf(value, 'mine', '/mine.ts')).toThrow(
        /^\/mine\.ts: expected an export "parameters".*found /,
      );
    },
  );
});
