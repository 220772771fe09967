import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import type { Definition } from '../../../wire/definition.ts';
import { expectNone, HAS_PROC, markChildren, processesOf } from './census.ts';
import { MODULE, PROGRAM } from './open-test-pool.ts';

const mark = markChildren();
afterEach(async () => await expectNone(mark));

const PARENT = fileURLToPath(new URL('./fixtures/parent.ts', import.meta.url));

/** A consumer in a process of its own that computes at one point, once the computation has printed `line`. */
async function startConsumer(definition: Definition, does: string, line: string, how: string) {
  const task = [JSON.stringify(definition), JSON.stringify({ does, x: 0 }), how];
  const consumer = spawn(process.execPath, [PARENT, ...task], { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  for await (const text of consumer.stdout) {
    printed += String(text);
    if (printed.includes(line)) break;
  }
  expect(printed).toContain(line);
  return consumer;
}

// Where there is no /proc, what is left cannot be seen, and the tests are skipped.
describe.skipIf(!HAS_PROC)("within seconds of its consumer's death by SIGKILL ends", () => {
  test.each([
    ['a module that spins', MODULE, 'spin', 'spinning', 'among others', 1],
    ['a module that spins, with what it started', MODULE, 'spin over a child', 'spinning', 'among others', 2],
    ['a program that ignores the end of its input', PROGRAM, 'ignore the end', 'ignoring', 'among others', 1],
    [
      'a program that spins, with what it started',
      PROGRAM,
      'spin over a child',
      'spinning',
      'among others',
      2,
    ],
    ['a module that spins alone, with what it started', MODULE, 'spin over a child', 'spinning', 'alone', 2],
    [
      'a program that spins alone, with what it started',
      PROGRAM,
      'spin over a child',
      'spinning',
      'alone',
      3,
    ],
  ])('%s', async (_what, definition, does, line, how, children) => {
    const consumer = await startConsumer(definition, does, line, how);
    expect(processesOf(mark).length).toBeGreaterThanOrEqual(1 + children);
    const exited = once(consumer, 'exit');
    consumer.kill('SIGKILL');
    await exited;
    await expectNone(mark);
  });
});
