import { expect, test } from 'vitest';
import { importsOf, readSources } from './sources.ts';

/** Vitest wants its configuration as a default export. */
const isConfiguration = (path: string): boolean => /^vitest(\.\w+)?\.config\.ts$/.test(path);

/** The sources that run: all but those of tests, benches and examples. */
const SOURCES = readSources().filter(({ path }) => !/^(test|bench|examples)\//.test(path) && !isConfiguration(path));

/** Everything that is owned, and its owners: who touches the world is known by name. */
const OWNERS = {
  'process.env': [
    'cli/command.ts', // settings
    'cli/up-detached.ts', // what `up` in the background inherits
    'cli/up.ts', // what the sink's process inherits
    'cli/with-dashboard.ts', // what the page's process inherits
    'consumer/slot/process.ts', // what an experiment sees, less what is ours
    'consumer/slot/spawn-program.ts',
    'consumer/slot/thread.ts',
    'runtime/redis-server.ts', // PATH
    'setup/command.mjs',
    'slurm/command.ts', // what sbatch keeps for the job
    'slurm/queue.ts', // which cluster is asked
  ],
  // The child of a consumer that died: whatever the experiment is doing, it ends. A crash: it is told of as we tell it.
  'process.exit': ['cli/consume.ts', 'consumer/slot/serve.ts', 'runtime/crash.ts'],
  'node:sqlite': ['store/database.ts'],
  'node:child_process': [
    'cli/setup.ts',
    'consumer/slot/guard.ts',
    'consumer/slot/process.ts',
    'consumer/slot/spawn-program.ts',
    'runtime/child-command.ts',
    'runtime/redis-server.ts',
    'setup/children.mjs',
    'setup/find-redis.mjs',
    'slurm/command.ts',
  ],
  'new Redis(': ['runtime/redis-connection.ts'],
  // Loaded where rows are to be sent or fetched, and nowhere before: it takes a third of a second.
  '@google-cloud/bigquery': ['sink/upload/bigquery.ts'],
  'listening for signals': ['consumer/slot/serve.ts', 'runtime/signals.ts', 'setup/command.mjs'],
} as const;

/** The paths of the sources whose code fits `pattern`. */
function sourcesWith(pattern: RegExp): string[] {
  return SOURCES.filter(({ code }) => pattern.test(code)).map(({ path }) => path).sort();
}

/** The paths of the sources that import `name` for more than its types. */
function importersOf(name: string): string[] {
  return SOURCES.filter((source) => importsOf(source).some(({ target, isType }) => target === name && !isType)).map(({ path }) => path).sort();
}

test('the environment is read by its owners alone', () => {
  expect(sourcesWith(/\bprocess\s*\.\s*env\b|\bimport\s*\{[^}]*\benv\b[^}]*\}\s*from\s*'node:process'/)).toEqual(OWNERS['process.env']);
});

test('no process is ended from within, but for the child of a dead consumer and one that crashes', () => {
  expect(sourcesWith(/\bprocess\s*\.\s*(exit|reallyExit|abort)\s*\(/)).toEqual(OWNERS['process.exit']);
});

test('SQLite is opened in store alone', () => {
  expect(sourcesWith(/'node:sqlite'/)).toEqual(OWNERS['node:sqlite']);
});

test('processes are spawned by their owners alone', () => {
  expect(importersOf('node:child_process')).toEqual(OWNERS['node:child_process']);
});

test('connections to Redis are made by their owners alone', () => {
  expect(sourcesWith(/\bnew Redis\(/)).toEqual(OWNERS['new Redis(']);
});

test("Google's client is loaded by its owner alone, and only when it is called for", () => {
  expect(importersOf('@google-cloud/bigquery')).toEqual(OWNERS['@google-cloud/bigquery']);
  expect(importersOf('google-auth-library')).toEqual(OWNERS['@google-cloud/bigquery']);
  expect(sourcesWith(/^import (?!type)[^;]*'(@google-cloud\/bigquery|google-auth-library)'/m)).toEqual([]);
});

test('signals are listened for by their owners alone', () => {
  expect(sourcesWith(/\bprocess\s*\.\s*(on|once|addListener)\(\s*('SIG|signal)/)).toEqual(OWNERS['listening for signals']);
});

test('there is no default export, no any, and no mutable variable of a module', () => {
  const all = readSources().filter(({ path }) => !isConfiguration(path) && !path.startsWith('test/unit/structure/'));
  const fitting = (pattern: RegExp): string[] => all.filter(({ code }) => pattern.test(withoutTexts(code))).map(({ path }) => path);
  expect(fitting(/^\s*export default\b/m)).toEqual([]);
  expect(fitting(/(:|\bas|[<|])\s*any\b/)).toEqual([]);
  expect(SOURCES.filter(({ code }) => /^(export )?(let|var)\s/m.test(code)).map(({ path }) => path)).toEqual([]);
});

/** The code with its texts emptied: a message may speak of any. */
function withoutTexts(code: string): string {
  return code.replaceAll(/'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`/g, "''");
}
