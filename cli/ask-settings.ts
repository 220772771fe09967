import { createInterface } from 'node:readline';
import { SluiceError, mistake } from '../runtime/errors.ts';
import { SETTINGS, parseSetting, type Setting, type SettingName } from '../runtime/settings.ts';

/**
 * The settings that a person gives, one answer a line: all that are declared as asked. An empty answer leaves the default,
 * one that does not fit is asked for again. Throws a mistake where the answers end early.
 */
export async function askSettings(input: NodeJS.ReadableStream, write: (text: string) => void): Promise<Record<string, unknown>> {
  const answers: Record<string, unknown> = {};
  const asked = (Object.entries(SETTINGS) as [SettingName, Setting][]).filter(([, setting]) => setting.asked === true);
  const lines = createInterface({ input, terminal: false });
  write('An empty answer leaves the default.\n');
  try {
    const next = lines[Symbol.asyncIterator]();
    for (const [name, setting] of asked) {
      const answer = await answerTo(name, setting, next, write);
      if (answer !== undefined) answers[name] = answer;
    }
  } finally {
    lines.close();
  }
  return answers;
}

async function answerTo(name: SettingName, setting: Setting, lines: AsyncIterator<string>, write: (text: string) => void): Promise<unknown> {
  for (;;) {
    write(`${name}: ${setting.description}${defaultOf(setting)}: `);
    const line = await lines.next();
    if (line.done === true) throw mistake('no-answer', 'the answers ended early; nothing was written');
    const given = line.value.trim();
    if (given === '') return undefined;
    try {
      return parseSetting(name, name, given);
    } catch (error) {
      if (!(error instanceof SluiceError)) throw error;
      write(`${error.message}\n`);
    }
  }
}

function defaultOf({ schema, description }: Setting): string {
  if (description.includes('(default: ')) return '';
  const { data } = schema.safeParse(undefined);
  return typeof data === 'string' || typeof data === 'number' || typeof data === 'boolean' ? ` [${data}]` : '';
}
