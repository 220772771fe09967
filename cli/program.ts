import { Command, CommanderError } from 'commander';
import { reportCrashes } from '../runtime/crash.ts';
import { EXIT, mistake } from '../runtime/errors.ts';
import { SETTINGS, type Setting } from '../runtime/settings.ts';
import type { CommandDeclaration } from './command.ts';
import { openOutput, reportError } from './output.ts';

/** The version of Sluice. */
export const VERSION = '0.1.0';

/** A command line named `name` without commands yet; it throws where commander would exit, and prints no error itself. */
export function openProgram(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .version(VERSION)
    .showHelpAfterError(false)
    .configureOutput({ writeErr: () => {} })
    .exitOverride();
}

/** Gives `command` the options and the work of `declaration`, whose code is loaded when the command is called. */
export function declare(command: Command, declaration: CommandDeclaration): void {
  for (const [flags, description] of declaration.options ?? []) {
    // commander's own variadic options take in the arguments that follow, too.
    if (flags.endsWith('...>')) command.option(flags.replace('...>', '>'), description, collect);
    else command.option(flags, description);
  }
  for (const name of declaration.settings) {
    const setting: Setting = SETTINGS[name];
    if (setting.option !== undefined) command.option(setting.option, setting.description);
  }
  command.option('--json', 'print one JSON document on standard output').action(async (...parameters: unknown[]) => {
    const values = parameters.slice(0, -2).flat().filter((value) => value !== undefined);
    const options = command.opts<Record<string, unknown>>();
    const handler = await declaration.load();
    const output = openOutput(options['json'] === true);
    process.exitCode = (await handler({ arguments: values.map(String), options, output })) ?? EXIT.done;
  });
}

function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}

/** Runs `program` on `argv` (without node and script), and sets the process's exit code; an error is told in one line. */
export async function runProgram(program: Command, argv: readonly string[]): Promise<void> {
  const json = argv.includes('--json');
  reportCrashes((error) => void reportError(error, json));
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return;
    process.exitCode = reportError(error instanceof CommanderError ? asMistake(error, program.name()) : error, json);
  }
}

function asMistake(error: CommanderError, name: string): unknown {
  const message = error.message.replace(/^error: /, '').replaceAll(/\s*\n\s*/g, ' ');
  return mistake('bad-command', `${message}; see \`${name} --help\``);
}
