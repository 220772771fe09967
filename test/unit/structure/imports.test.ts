import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fault, isKnown, roomOf } from './rooms.ts';
import { ROOT, importsOf, readSources, withoutComments } from './sources.ts';

const SOURCES = readSources();

test('every room imports only what it may: the ladder downwards, stages not each other, nothing cli', () => {
  const faults = SOURCES.flatMap((source) =>
    importsOf(source)
      .filter(({ isFile }) => isFile)
      .flatMap(({ target }) => fault(source.path, target) ?? []),
  );
  expect(faults).toEqual([]);
});

test('the rule refuses what it is to refuse', () => {
  const refused: [string, string][] = [
    ['wire/point.ts', 'runtime/errors.ts'],
    ['runtime/log.ts', 'experiment/nearest.ts'],
    ['runtime/log.ts', 'setup/main.mjs'],
    ['store/open.ts', 'producer/fill.ts'],
    ['producer/fill.ts', 'consumer/gate.ts'],
    ['monitor/status.ts', 'reduce/reduce.ts'],
    ['sink/serve.ts', 'cli/main.ts'],
    ['cli/main.ts', 'test/system/harness/until.ts'],
    ['kernel/kernel.ts', 'wire/row.ts'],
  ];
  for (const [importer, imported] of refused) expect(fault(importer, imported)).toMatch(`${importer} imports ${imported}`);
  const allowed: [string, string][] = [
    ['store/open.ts', 'kernel/kernel.ts'],
    ['runtime/redis-server.ts', 'setup/find-redis.mjs'],
    ['cli/run.ts', 'reduce/reduce.ts'],
    ['bench/run/main.ts', 'cli/main.ts'],
    ['slurm/launch.ts', 'store/open.ts'],
  ];
  for (const [importer, imported] of allowed) expect(fault(importer, imported)).toBeUndefined();
});

test('imports are found in every form, and in no comment', () => {
  const code = withoutComments(`import a from './a.ts'; // import x from './x.ts'
import type { B } from "../wire/b.ts";
import {
  c,
  type C,
} from './c.ts';
import 'node:fs';
export { d } from './d.ts';
export * from './e.ts';
/* import y from './y.ts'; */
const f = await import('./f.ts');
const url = 'https://host/path';`);
  const found = importsOf({ path: 'cli/of.ts', code }).map(({ target, isType }) => `${target}${isType ? ' (type)' : ''}`);
  expect(found).toEqual(['cli/a.ts', 'wire/b.ts (type)', 'cli/c.ts', 'node:fs', 'cli/d.ts', 'cli/e.ts', 'cli/f.ts']);
  expect(code).toContain('https://host/path');
});

test('every import of a file names one that exists', () => {
  const dangling = SOURCES.filter(({ path }) => !path.startsWith('test/unit/structure/')).flatMap((source) =>
    importsOf(source)
      .filter(({ target, isFile }) => isFile && !target.startsWith('dist/') && !existsSync(join(ROOT, target)))
      .map(({ target }) => `${source.path}: ${target}`),
  );
  expect(dangling).toEqual([]);
});

test('there is no room that the rule does not know', () => {
  expect(SOURCES.map(({ path }) => path).filter((path) => !isKnown(roomOf(path)))).toEqual([]);
  // A reader that found nothing would pass everything.
  expect(SOURCES.length).toBeGreaterThan(200);
  expect(SOURCES.flatMap(importsOf).length).toBeGreaterThan(500);
});
