import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Definition } from '../../wire/definition.ts';
import { childEnvironment } from './environment.ts';

export type ProgramDefinition = Extract<Definition, { kind: 'program' }>;

/** The program's process, without a shell, in its directory, leader of a process group of its own. */
export function spawnProgram({ command, directory }: ProgramDefinition): ChildProcessWithoutNullStreams {
  const [file = '', ...parameters] = command;
  return spawn(file, parameters, {
    cwd: directory,
    env: childEnvironment(process.env),
    stdio: 'pipe',
    // A group of its own: Ctrl-C reaches the consumer alone, and whatever a shell starts ends with it.
    detached: true,
  });
}

/** Why a program was not started, `how` being what the system said: ENOENT means the command or the folder. */
export function whyNotStarted({ command, directory }: ProgramDefinition, how: string): string {
  if (!existsSync(directory)) return `the program's folder does not exist: ${directory}`;
  // A search that met a folder of PATH that it may not read ends with EACCES, though the command is nowhere.
  const isSearched = !command[0]?.includes('/');
  if (how.includes('ENOENT') || (isSearched && how.includes('EACCES'))) return `command not found: ${command[0]} (started in ${directory})`;
  return `the program was not started: ${how}`;
}
