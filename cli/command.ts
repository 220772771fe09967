import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { allocationOf, type Allocation } from '../runtime/allocation.ts';
import { mistake, messageOf } from '../runtime/errors.ts';
import { openLog, type Log } from '../runtime/log.ts';
import { resolveSettings, type SettingName, type Settings } from '../runtime/settings.ts';
import type { Output } from './output.ts';

/** The file of settings that a project keeps; looked for in the current folder. */
export const SETTINGS_FILE = 'sluice.config.json';

/** A command as it was typed. */
export interface Invocation {
  readonly arguments: readonly string[];
  /** Option values by their camel-case names, as typed. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly output: Output;
}

/** What every command does: its work, and the exit code where that is not 0. */
export type Handler = (invocation: Invocation) => Promise<number | void>;

/** A command as the command line knows it; its code is loaded when it is called. */
export interface CommandDeclaration {
  /** Name and arguments, as commander writes them: `status [table]`. */
  readonly usage: string;
  readonly description: string;
  /** Settings that can be given as options. */
  readonly settings: readonly SettingName[];
  /** Options of its own: flags and description; one whose argument ends in `...` may be given several times. */
  readonly options?: readonly (readonly [flags: string, description: string])[];
  readonly load: () => Promise<Handler>;
}

/** What a spec says of its table: its `table_name`, and its experiment's name made an identifier. */
export interface SpecTables {
  readonly specTable?: string | undefined;
  readonly experimentTable?: string | undefined;
}

/** The settings of every command that talks to a broker. */
export const BROKER = ['data', 'redis', 'namespace', 'insecurePlain', 'logLevel'] as const;

/** The settings of every command that talks to BigQuery. */
export const CLOUD = ['bigquery', 'credentials', 'bigqueryLocation', 'bigqueryEndpoint'] as const;

/** The settings of an invocation, and of its spec if it has one. */
export function settingsOf(invocation: Invocation, tables: SpecTables = {}): Settings {
  return resolveSettings({ options: invocation.options, environment: process.env, file: readSettingsFile(), ...tables });
}

/** The settings of a command whose first argument may name a table. */
export function settingsWithTable(invocation: Invocation): Settings {
  const [table] = invocation.arguments;
  return settingsOf(table === undefined ? invocation : { ...invocation, options: { ...invocation.options, table } });
}

/** What SLURM lends this process. */
export function allocationOfProcess(): Allocation {
  return allocationOf(process.env);
}

/** The command's log, at the level of the settings; commands that talk to a person log warnings only, unless told. */
export async function logOf(invocation: Invocation, name: string, settings: Settings): Promise<Log> {
  const talks = invocation.options['logLevel'] === undefined && process.env['SLUICE_LOG_LEVEL'] === undefined && name === 'run';
  return await openLog(name, talks ? 'error' : settings.logLevel);
}

/** The option `name` as a number that fits `schema`, undefined where it was not given. */
export function numberOption(invocation: Invocation, name: string, flag: string, schema: z.ZodType<number>): number | undefined {
  const text = invocation.options[name];
  if (text === undefined) return undefined;
  const given = typeof text === 'string' ? text.trim() : '';
  const parsed = schema.safeParse(given === '' ? Number.NaN : Number(given));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const rule = issue === undefined || issue.code === 'invalid_type' ? 'expected a number' : issue.message;
  throw mistake('bad-option', `${flag} "${given}": ${rule}`);
}

function readSettingsFile(): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(SETTINGS_FILE, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw mistake('bad-setting', `${SETTINGS_FILE} cannot be read: ${messageOf(error)}`);
  }
  try {
    const parsed = z.record(z.string(), z.unknown()).safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data;
  } catch (error) {
    throw mistake('bad-setting', `${SETTINGS_FILE} is not JSON: ${messageOf(error).split('\n')[0]}`);
  }
  throw mistake('bad-setting', `${SETTINGS_FILE} is not a JSON object of settings, such as {"threads": 4}`);
}
