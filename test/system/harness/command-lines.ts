import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { End } from './command.ts';
import { openWorkspace } from './workspace.ts';

/** A command line, what it sees, and what it finds in its folder. */
export interface CommandLine {
  readonly line: readonly string[];
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /** Files of the working folder: texts as they are, the rest as JSON. */
  readonly files?: Readonly<Record<string, unknown>> | undefined;
}

/** A command line and the folder that it runs in. */
export interface PlacedLine extends Omit<CommandLine, 'files'> {
  readonly folder: string;
}

/** How a command line ended, and what its folder held before and after. */
export interface Ended {
  readonly end: End;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/**
 * How the command lines end, each in a folder and a home of its own, one after the other in one process: to start one for
 * each takes far longer than what they do. The process has to end by itself then, and to print nothing beside them. What
 * a folder holds is told by `look`.
 */
export async function runInTurn(lines: readonly CommandLine[], look: (folder: string) => readonly string[]): Promise<Ended[]> {
  await using space = openWorkspace('in-turn');
  const placed = lines.map((line, index) => place(line, join(space.folder, String(index))));
  const before = placed.map(({ folder }) => look(folder));
  const file = space.file('lines.json', placed);
  const runner = await space.script(join(import.meta.dirname, 'in-turn.ts'), file).ended;
  expect(runner).toEqual({ code: 0, signal: null, stdout: '', stderr: '' });
  const ends = JSON.parse(readFileSync(file, 'utf8')) as End[];
  return placed.map(({ folder }, index) => ({ end: ends[index]!, before: before[index]!, after: look(folder) }));
}

function place({ line, environment, files = {} }: CommandLine, folder: string): PlacedLine {
  mkdirSync(folder);
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  }
  return { line, folder, environment };
}
