import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { mistake } from '../runtime/errors.ts';
import { SETTINGS, parseSetting, type Setting, type SettingName } from '../runtime/settings.ts';
import { askSettings } from './ask-settings.ts';
import { SETTINGS_FILE, type Invocation } from './command.ts';

/** `sluice init`: writes the settings that are given, or that a person answers at the terminal, to sluice.config.json. */
export async function init({ options, output }: Invocation): Promise<void> {
  if (existsSync(SETTINGS_FILE) && options['force'] !== true) {
    throw mistake('settings-exist', `${SETTINGS_FILE} is there already and was left as it is; --force replaces it`);
  }
  const settings = { ...givenSettings(options) };
  if (Object.keys(settings).length === 0) {
    if (output.json || !process.stdin.isTTY) {
      throw mistake('bad-option', 'there is nothing to write: give settings, as in --table NAME --data DIR, or type this at a terminal, which is asked');
    }
    Object.assign(settings, await askSettings(process.stdin, (text) => void process.stdout.write(text)));
  }
  writeWhole(SETTINGS_FILE, `${JSON.stringify(settings, undefined, 2)}\n`);
  const names = Object.keys(settings);
  output.result({ file: resolve(SETTINGS_FILE), settings }, [
    `${SETTINGS_FILE} written with ${names.length === 0 ? 'no setting: the defaults hold' : names.join(', ')}`,
  ]);
}

/** The settings among the options, in the order of their declaration, each seen to be one. */
function givenSettings(options: Invocation['options']): Record<string, unknown> {
  const given = (Object.entries(SETTINGS) as [SettingName, Setting][]).filter(([name, { option }]) => option !== undefined && options[name] !== undefined);
  return Object.fromEntries(given.map(([name, { option }]) => [name, parseSetting(name, option?.split(' ')[0] ?? name, options[name])]));
}

/** The file appears whole or not at all, for its owner alone: a Redis URL may hold a password. */
function writeWhole(file: string, text: string): void {
  const beside = `${file}.${process.pid}`;
  writeFileSync(beside, text, { mode: 0o600 });
  renameSync(beside, file);
}
