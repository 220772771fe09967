import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { askSettings } from '../../../cli/ask-settings.ts';
import { SETTINGS, type Setting } from '../../../runtime/settings.ts';

const ASKED = Object.entries<Setting>(SETTINGS).filter(([, { asked }]) => asked === true);

/** What is answered and asked where a person types these lines. */
async function answered(lines: readonly string[]): Promise<{ answers: Record<string, unknown>; shown: string }> {
  let shown = '';
  const answers = await askSettings(Readable.from([lines.map((line) => `${line}\n`).join('')]), (text) => void (shown += text));
  return { answers, shown };
}

test('every setting that is declared as asked is asked for, with its description and default', async () => {
  const { answers, shown } = await answered(ASKED.map(() => ''));
  expect(answers).toEqual({});
  for (const [name, { description }] of ASKED) expect(shown).toContain(`${name}: ${description}`);
  expect(shown).toContain('data: folder of the database [data]: ');
  expect(ASKED.map(([name]) => name)).toEqual(expect.arrayContaining(['data', 'table', 'namespace', 'partition', 'account']));
});

test('answers are kept as their settings, those that are empty left out', async () => {
  const lines = ASKED.map(([name]) => (name === 'table' ? ' su_id_hw5 ' : name === 'account' ? 'donoho' : ''));
  expect((await answered(lines)).answers).toEqual({ table: 'su_id_hw5', account: 'donoho' });
});

test('an answer that does not fit is told of and asked for again', async () => {
  const lines = ASKED.flatMap(([name]) => (name === 'table' ? ['1st; DROP TABLE t', 'first'] : ['']));
  const { answers, shown } = await answered(lines);
  expect(answers).toEqual({ table: 'first' });
  expect(shown).toMatch(/table: "1st; DROP TABLE t" is no value for it \(a table name is a letter/);
});

test('answers that end early are a mistake', async () => {
  await expect(answered([''])).rejects.toMatchObject({ code: 'no-answer', exitCode: 2 });
});
