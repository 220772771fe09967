import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ExperimentReference } from '../../../experiment/reference.ts';
import { builtinNames, loadExperiment, resolveExperiment } from '../../../experiment/registry.ts';
import { definitionSchema } from '../../../wire/definition.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-registry-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function moduleOf(file: string, text: string): ExperimentReference & { kind: 'module' } {
  const path = join(folder, file);
  writeFileSync(path, text);
  return { kind: 'module', path };
}

const HEAD = `export const name = 'mine';\nexport const version = '1';\n`;
const RUN = `export function run(point) { return { twice: 2 * point.n }; }\n`;

describe('a built-in', () => {
  test('is found by its name', async () => {
    const { definition, check } = await resolveExperiment({ kind: 'builtin', name: 'svd-block' });
    expect(definition).toEqual({ kind: 'builtin', name: 'svd-block', version: '1' });
    expect(definitionSchema.parse(definition)).toEqual(definition);
    expect(() => check({ nrow: 1, ncol: 1, seed: 0 })).not.toThrow();
    expect(() => check({ nrow: 1, ncol: 1 })).toThrow(/"seed" is missing/);
    expect(builtinNames()).toEqual(['svd-block']);
  });

  test.each(['svd_block', 'svdblock'])(
    'with a slip of the pen (%s) is refused, and the right one named',
    async (name) => {
      await expect(resolveExperiment({ kind: 'builtin', name })).rejects.toMatchObject({
        code: 'unknown-experiment',
        exitCode: 2,
        message: expect.stringMatching(
          /^unknown experiment ".*" \(did you mean "svd-block"\?\); built in: svd-block; a module/,
        ),
      });
    },
  );

  test.each(['constructor', '__proto__', 'nonsense'])('of the name %s does not exist', async (name) => {
    await expect(resolveExperiment({ kind: 'builtin', name })).rejects.toMatchObject({
      code: 'unknown-experiment',
    });
    await expect(loadExperiment({ kind: 'builtin', name, version: '1' })).rejects.toMatchObject({
      code: 'unknown-experiment',
    });
  });

  test('of another version is refused unless any will do', async () => {
    const old = { kind: 'builtin', name: 'svd-block', version: '0' } as const;
    await expect(loadExperiment(old)).rejects.toMatchObject({
      code: 'experiment-changed',
      message:
        'the table was planned with svd-block, version 0; found svd-block, version 1; enqueue the spec again',
    });
    await expect(loadExperiment(old, { anyVersion: true })).resolves.toMatchObject({ version: '1' });
  });
});

describe('a program', () => {
  test('is defined by its command, and takes any point with good names', async () => {
    const reference = {
      kind: 'program',
      command: ['./f'],
      name: 'f',
      version: '1',
      directory: '/tmp',
      timeoutSeconds: 5,
    } as const;
    const { definition, check } = await resolveExperiment(reference);
    expect(definition).toEqual(reference);
    expect(definitionSchema.parse(definition)).toEqual(reference);
    expect(() => check({ anything: 'x' })).not.toThrow();
    expect(() => check({ 'a b': 1 })).toThrow(expect.objectContaining({ code: 'bad-point', exitCode: 2 }));
    expect(() => check({ a: 1, A: 1 })).toThrow(/"a" and "A" differ by case alone/);
  });
});

describe('a module', () => {
  test('is imported for its name and version, and runs and reduces', async () => {
    const reference = moduleOf(
      'whole.mjs',
      `${HEAD}${RUN}export const reduce = (rows) => ({ rows: [...rows].length });`,
    );
    const { definition, check } = await resolveExperiment(reference);
    expect(definition).toEqual({ kind: 'module', name: 'mine', version: '1', path: reference.path });
    expect(() => check({ n: 'any' })).not.toThrow();
    expect(() => check({ 'a b': 1 })).toThrow(/a name is a letter/);
    const experiment = await loadExperiment({
      kind: 'module',
      name: 'mine',
      version: '1',
      path: reference.path,
    });
    expect(await experiment.run({ n: 2 }, { note: () => {} })).toEqual({ twice: 4 });
    expect(await experiment.reduce!([{}, {}])).toEqual({ rows: 2 });
  });

  test('may be TypeScript, without reduce', async () => {
    const { path } = moduleOf(
      'typed.ts',
      `export const name: string = 'typed';\nexport const version = '2';\n` +
        'export async function run(point: { n: number }) { return { half: point.n / 2 } satisfies object; }',
    );
    const experiment = await loadExperiment({ kind: 'module', name: 'typed', version: '2', path });
    expect(await experiment.run({ n: 2 }, { note: () => {} })).toEqual({ half: 1 });
    expect(experiment).not.toHaveProperty('reduce');
  });

  test('that changed its name or version since it was planned is refused', async () => {
    const { path } = moduleOf('changed.mjs', HEAD + RUN);
    await expect(loadExperiment({ kind: 'module', name: 'mine', version: '2', path })).rejects.toThrow(
      /planned with mine, version 2; found mine, version 1 in .*changed\.mjs; enqueue the spec again/,
    );
    await expect(
      loadExperiment({ kind: 'module', name: 'other', version: '1', path }, { anyVersion: true }),
    ).rejects.toMatchObject({ code: 'experiment-changed' });
  });

  test.each([
    [
      'empty.mjs',
      'export {};',
      /empty\.mjs: expected an export "name", a text of 1 to 128 characters, found no such export/,
    ],
    ['noversion.mjs', `export const name = 'a';`, /expected an export "version".*found no such export/],
    [
      'norun.mjs',
      `${HEAD}export const rum = () => 1;`,
      /expected an export "run", a function, found only rum \(did you mean "rum"\?\)/,
    ],
    ['wrongrun.mjs', `${HEAD}export const run = 5;`, /expected an export "run", a function, found 5/],
    [
      'number.mjs',
      `export const name = 'a'; export const version = 1;`,
      /expected an export "version", a text.*found 1/,
    ],
    ['long.mjs', `export const name = 'a'.repeat(129);`, /expected an export "name"/],
    ['default.mjs', `export default { name: 'a' };`, /expected an export "name".*found only default/],
    [
      'reduce.mjs',
      `${HEAD}${RUN}export const reduce = {};`,
      /expected an export "reduce", a function, found \{\}/,
    ],
    [
      'schema.mjs',
      `${HEAD}${RUN}export const parameters = { n: 'number' };`,
      /export "parameters" that is a zod schema or a JSON Schema/,
    ],
    [
      'schema2.mjs',
      `${HEAD}${RUN}export const parameters = { type: 'object', properties: { n: { type: 'nubmer' } } };`,
      /"parameters" that is .*it cannot be read: .*nubmer/,
    ],
    [
      'throws.mjs',
      `throw new Error('no licence\\nsecond line');`,
      /throws\.mjs: cannot be imported: no licence$/,
    ],
    ['import.mjs', `import './absent.mjs';`, /import\.mjs: cannot be imported: .*absent\.mjs/],
  ])('%s is refused with one clear line', async (file, text, message) => {
    const resolving = resolveExperiment(moduleOf(file, text));
    await expect(resolving).rejects.toThrow(message);
    await expect(resolving).rejects.toMatchObject({
      code: 'bad-module',
      exitCode: 2,
      message: expect.not.stringContaining('\n'),
    });
  });

  test('that is not there, or a folder, is refused', async () => {
    await expect(resolveExperiment({ kind: 'module', path: join(folder, 'none.ts') })).rejects.toMatchObject({
      code: 'no-such-module',
      exitCode: 2,
      message: expect.stringMatching(/none\.ts: no such file/),
    });
    await expect(resolveExperiment({ kind: 'module', path: folder })).rejects.toMatchObject({
      code: 'no-such-module',
    });
  });
});

describe("a module's parameters", () => {
  async function checkOf(file: string, parameters: string) {
    return (await resolveExperiment(moduleOf(file, `${HEAD}${RUN}${parameters}`))).check;
  }

  test('may be a JSON Schema', async () => {
    const check = await checkOf(
      'json-schema.mjs',
      `export const parameters = { type: 'object', additionalProperties: false,
      required: ['n'], properties: { n: { type: 'integer', minimum: 1 }, kind: { enum: ['a', 'b'] } } };`,
    );
    expect(() => check({ n: 1, kind: 'a' })).not.toThrow();
    expect(() => check({ n: 0 })).toThrow(/^mine: n: .*1.*, found 0$/);
    expect(() => check({ n: 1.5 })).toThrow(/^mine: n: .*, found 1\.5$/);
    expect(() => check({})).toThrow(/^mine: n: .*, found none$/);
    expect(() => check({ n: 1, kind: 'c' })).toThrow(/^mine: kind: .*found "c"$/);
    expect(() => check({ n: 1, m: 2 })).toThrow(/^mine: .*"m".*found \{"n":1,"m":2\}$/);
    expect(() => check({ n: 0 })).toThrow(expect.objectContaining({ code: 'bad-point', exitCode: 2 }));
  });

  test('may be anything with safeParse', async () => {
    const check = await checkOf(
      'schema-like.mjs',
      `export const parameters = { safeParse: (point) => point.n > 0
      ? { success: true }
      : { success: false, error: { issues: [{ path: ['n'], message: 'must be positive' }] } } };`,
    );
    expect(() => check({ n: 1 })).not.toThrow();
    expect(() => check({ n: 0 })).toThrow('mine: n: must be positive, found 0');
  });

  test('may fail with an error of any kind', async () => {
    const check = await checkOf(
      'plain-error.mjs',
      `export const parameters = { safeParse: () => ({ success: false, error: new Error('never') }) };`,
    );
    expect(() => check({ n: 1 })).toThrow('mine: never');
  });
});
