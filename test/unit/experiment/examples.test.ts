import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { planOf } from '../../../experiment/plan.ts';
import { loadExperiment, resolveExperiment } from '../../../experiment/registry.ts';
import { rowOf } from '../../../experiment/row-of.ts';
import { readSpecFile } from '../../../experiment/spec-file.ts';
import type { Row } from '../../../wire/row.ts';

const HAS_PYTHON = spawnSync('python3', ['--version']).status === 0;
const IN_CI = process.env['CI'] !== undefined;

function example(path: string) {
  return fileURLToPath(new URL(`../../../examples/${path}`, import.meta.url));
}

async function planned(path: string) {
  const spec = await readSpecFile(example(path));
  const plan = planOf([spec]);
  const points = Array.from({ length: plan.size }, (_, index) => plan.pointAt(index)).filter(
    (point) => point !== undefined,
  );
  return { spec, points, ...(await resolveExperiment(spec.experiment)) };
}

describe('the example random-walk', () => {
  test('has a spec without warnings, whose points pass its check', async () => {
    const { spec, points, check } = await planned('random-walk/spec.json');
    expect(spec.warnings).toEqual([]);
    expect(spec.table).toBe('random_walk');
    expect(points).toHaveLength(600);
    for (const point of points) expect(() => check(point)).not.toThrow();
    expect(() => check({ dimension: 0, steps: 1, seed: 0 })).toThrow(/^random-walk: dimension: .*found 0$/);
  });

  test('runs, the same each time, and reduces to about 1', async () => {
    const { points, definition } = await planned('random-walk/spec.json');
    if (definition.kind !== 'module') throw new Error('the example is a module');
    const experiment = await loadExperiment(definition);
    const context = { note: () => {} };
    const rows: Row[] = [];
    for (const point of points) {
      const row = rowOf(point, await experiment.run(point, context));
      expect(row['end']).toHaveLength(point['dimension'] as number);
      rows.push(row);
    }
    expect(rowOf(points[7]!, await experiment.run(points[7]!, context))).toEqual(rows[7]);
    const { walks } = (await experiment.reduce!(rows)) as {
      walks: { walks: number; squaredDistancePerStep: number }[];
    };
    expect(walks).toHaveLength(6);
    for (const { walks: count, squaredDistancePerStep } of walks) {
      expect(count).toBe(100);
      // Squared distance per step has a variance of at most 2: five standard errors of 100 walks are 0.71.
      expect(Math.abs(squaredDistancePerStep - 1)).toBeLessThan(0.71);
    }
  });
});

describe('the example estimate-pi', () => {
  test('has a spec without warnings', async () => {
    const { spec, points, definition, check } = await planned('estimate-pi/spec.json');
    expect(spec.warnings).toEqual([]);
    expect(points).toHaveLength(59);
    for (const point of points) expect(() => check(point)).not.toThrow();
    expect(definition).toMatchObject({
      kind: 'program',
      name: 'estimate-pi',
      directory: example('estimate-pi'),
      timeoutSeconds: 60,
    });
  });

  test.skipIf(!HAS_PYTHON && !IN_CI)(
    'answers line by line, and a bad point fails alone (needs python3 on PATH)',
    async () => {
      const { points, definition } = await planned('estimate-pi/spec.json');
      if (definition.kind !== 'program') throw new Error('the example is a program');
      const program = spawn(definition.command[0]!, definition.command.slice(1), {
        cwd: definition.directory,
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      const lines = createInterface({ input: program.stdout })[Symbol.asyncIterator]();
      const answerTo = async (line: string) => {
        program.stdin.write(`${line}\n`);
        return JSON.parse((await lines.next()).value as string) as Record<string, number>;
      };
      const first = rowOf(points[0]!, await answerTo(JSON.stringify(points[0])));
      expect(Object.keys(first)).toEqual(['darts', 'seed', 'hits', 'estimate', 'error_of_pi']);
      expect(Math.abs((first['estimate'] as number) - Math.PI)).toBeLessThan(0.5);
      expect(await answerTo('{"darts": 0, "seed": 1}')).toEqual({
        error: 'ValueError: darts is an integer of at least 1, found 0',
      });
      expect(await answerTo('nonsense')).toEqual({ error: expect.stringMatching(/^JSONDecodeError/) });
      expect(rowOf(points[0]!, await answerTo(JSON.stringify(points[0])))).toEqual(first);
      program.stdin.end();
      expect(await once(program, 'exit')).toEqual([0, null]);
    },
  );
});
