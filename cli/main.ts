import type { Command } from 'commander';
import { didYouMean } from '../experiment/nearest.ts';
import { mistake } from '../runtime/errors.ts';
import { COMMANDS } from './commands.ts';
import { reportError } from './output.ts';
import { declare, openProgram, runProgram } from './program.ts';

/** Runs the command line `argv` (without node and script) and sets the process's exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  const unknown = unknownCommand(argv[0]);
  if (unknown === undefined) await runProgram(buildProgram(), argv);
  else process.exitCode = reportError(unknown, argv.includes('--json'));
}

/** The whole command line; nothing runs before it is parsed. */
export function buildProgram(): Command {
  const program = openProgram('sluice', 'Runs a pure function at every point of a grid, on all the cores you can get; one row per point.');
  program.action(() => program.help());
  for (const declaration of COMMANDS) declare(program.command(declaration.usage).description(declaration.description), declaration);
  return program;
}

/** Commander takes an unknown command for a surplus argument, and says so: we say it of the command. */
function unknownCommand(name: string | undefined): Error | undefined {
  const known = ['help', ...COMMANDS.map(({ usage }) => usage.split(' ')[0]!)];
  if (name === undefined || name.startsWith('-') || known.includes(name)) return undefined;
  return mistake('unknown-command', `there is no command "${name}"${didYouMean(name, known)}; see \`sluice --help\``);
}
