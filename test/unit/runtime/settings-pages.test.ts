import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SETTINGS, resolveSettings, type Setting } from '../../../runtime/settings.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const ALL = Object.entries(SETTINGS) as [name: keyof typeof SETTINGS, setting: Setting][];

/** What a reader is told of the default; `threads` depends on the machine, `table` on the experiment. */
function defaultOf(name: keyof typeof SETTINGS): string {
  if (name === 'threads' || name === 'table') return '';
  return String(resolveSettings({})[name] ?? '');
}

/** The file that settings are copied from, as the declaration gives it. */
function exampleOfEnvironment(): string {
  const parts = ALL.map(([name, { environment, description }]) => `# ${description}\n#${environment}=${defaultOf(name)}\n`);
  return `# Settings of Sluice: load this file into the environment (set -a; . ./.env), or give options, which come first.\n# A variable that is empty is one that is not set.\n\n${parts.join('\n')}`;
}

/** The table of docs/settings.md, as the declaration gives it. */
function tableOfDocs(): string {
  const cell = (text: string): string => (text === '' ? '' : `\`${text}\``);
  const lines = ALL.map(([name, { environment, option, description }]) => `| ${cell(name)} | ${cell(option ?? '')} | ${cell(environment)} | ${cell(defaultOf(name))} | ${description} |`);
  return ['| setting | option | variable | default | what it is for |', '| --- | --- | --- | --- | --- |', ...lines].join('\n');
}

const RECORD = 'the file is to be as expected here: copy that';

test('.env.example lists exactly the settings that there are, with their descriptions and defaults', () => {
  expect(readFileSync(join(ROOT, '.env.example'), 'utf8'), RECORD).toBe(exampleOfEnvironment());
});

test('the table of docs/settings.md lists exactly the settings that there are', () => {
  const page = readFileSync(join(ROOT, 'docs', 'settings.md'), 'utf8');
  const table = page.split('\n').filter((line) => line.startsWith('|')).join('\n');
  expect(table, RECORD).toBe(tableOfDocs());
});
