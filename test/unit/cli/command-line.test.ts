import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildProgram } from '../../../cli/main.ts';
import { COMMANDS } from '../../../cli/commands.ts';
import { SETTINGS, type Setting } from '../../../runtime/settings.ts';

const NAMES = COMMANDS.map(({ usage }) => usage.split(' ')[0]);

test('the commands of the issue are there, each once', () => {
  expect(NAMES).toEqual(['run', 'up', 'down', 'enqueue', 'consume', 'sink', 'launch', 'status', 'explain', 'dashboard', 'reduce', 'export', 'report', 'gather', 'upload', 'pull', 'retry', 'cancel', 'init', 'setup']);
});

test.each(COMMANDS)('the help of "$usage" names its options, its settings and --json', ({ usage, settings, options }) => {
  const help = buildProgram().commands.find((command) => command.name() === usage.split(' ')[0])?.helpInformation() ?? '';
  const flags = [...(options ?? []).map(([flag]) => flag), ...settings.flatMap((name) => (SETTINGS[name] as Setting).option ?? []), '--json'];
  for (const flag of flags) expect(help).toContain(flag.split(',')[0]?.replace('...>', '>'));
  expect(flags.length).toBe(new Set(flags).size);
});

test('every handler can be loaded, and is a function', async () => {
  for (const { load } of COMMANDS) expect(await load()).toBeTypeOf('function');
});

test('the version is the package\'s', () => {
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', '..', 'package.json'), 'utf8')) as { version: string };
  expect(buildProgram().version()).toBe(version);
});
