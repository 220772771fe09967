import { Command, CommanderError } from 'commander';
import { didYouMean } from '../experiment/nearest.ts';
import { EXIT, mistake } from '../runtime/errors.ts';
import { SETTINGS, type Setting } from '../runtime/settings.ts';
import type { CommandDeclaration } from './command.ts';
import { COMMANDS } from './commands.ts';
import { openOutput, reportError } from './output.ts';

const VERSION = '0.1.0';

/** Runs the command line `argv` (without node and script) and sets the process's exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  const json = argv.includes('--json');
  try {
    refuseUnknownCommand(argv[0]);
    await buildProgram().parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return;
    process.exitCode = reportError(error instanceof CommanderError ? asMistake(error) : error, json);
  }
}

/** The whole command line; nothing runs before it is parsed. */
export function buildProgram(): Command {
  const program = new Command('sluice')
    .description('Runs a pure function at every point of a grid, on all the cores you can get; one row per point.')
    .version(VERSION)
    .showHelpAfterError(false)
    .configureOutput({ writeErr: () => {} })
    .exitOverride();
  program.action(() => program.help());
  for (const declaration of COMMANDS) addCommand(program, declaration);
  return program;
}

/** Commander takes an unknown command for a surplus argument, and says so. */
function refuseUnknownCommand(name: string | undefined): void {
  const known = ['help', ...COMMANDS.map(({ usage }) => usage.split(' ')[0]!)];
  if (name === undefined || name.startsWith('-') || known.includes(name)) return;
  throw mistake('unknown-command', `there is no command "${name}"${didYouMean(name, known)}; see \`sluice --help\``);
}

function addCommand(program: Command, declaration: CommandDeclaration): void {
  const command = program.command(declaration.usage).description(declaration.description);
  for (const [flags, description] of declaration.options ?? []) command.option(flags, description);
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

function asMistake(error: CommanderError): unknown {
  const message = error.message.replace(/^error: /, '').replaceAll(/\s*\n\s*/g, ' ');
  return mistake('bad-command', `${message}; see \`sluice --help\``);
}
