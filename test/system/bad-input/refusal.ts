import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { End } from '../harness/command.ts';

/** What a refusal is to be. */
export interface Refusal {
  /** 2 for a mistake in the request, 1 for a request that could not be met. */
  readonly exit: 1 | 2;
  /** The error's code, as scripts see it. */
  readonly code: string;
  /** What the line says. */
  readonly says: RegExp;
}

/** Expects of a command that ran with --json: the exit code, one line on standard error, the same as a document. */
export function expectRefusal(end: End, { exit, code, says }: Refusal): void {
  expectOneLine(end, exit, says);
  const document = JSON.parse(end.stdout) as { error: { code: string; message: string } };
  expect(document).toEqual({ error: { code, message: end.stderr.slice('sluice: '.length, -1) } });
}

/** Expects the exit code and exactly one line on standard error, no stack trace, which says what is wrong. */
export function expectOneLine(end: End, exit: number, says: RegExp): void {
  expect(end.stderr).toMatch(/^sluice: [^\n]+\n$/);
  expect(end.stderr).toMatch(says);
  expect(end.stderr).not.toMatch(/\.ts:\d+|node:internal|unexpected:/);
  expect({ code: end.code, signal: end.signal }).toEqual({ code: exit, signal: null });
}

/** Every file and folder below `folder`, by its path in it. */
export function everythingIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}
