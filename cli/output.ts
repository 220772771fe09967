import { defectOf } from '../runtime/crash.ts';
import { EXIT } from '../runtime/errors.ts';
import { fitted } from '../monitor/fitted.ts';
import { knownError } from './known-error.ts';

/** What a command prints: text for a person, or with --json one document on standard output and nothing else there. */
export interface Output {
  readonly json: boolean;
  /** Aborted once nobody reads standard output any more: what only tells may end. */
  readonly unread: AbortSignal;
  /** A line for the person; dropped with --json. */
  line(text: string): void;
  /** Like `line`, on standard error also with --json: warnings. */
  warning(text: string): void;
  /** The command's result: `document` with --json, the lines of `text` otherwise. */
  result(document: unknown, text: readonly string[]): void;
  /** One of several results: `document` on a line of its own with --json, `text` otherwise. */
  record(document: unknown, text: string): void;
  /** A line that the next one overwrites; only where a person watches a terminal. */
  readonly transient: ((text: string) => void) | undefined;
  /** Lines that take the place of those before, as many as the terminal shows; only where a person watches one. */
  readonly redraw: ((lines: readonly string[]) => void) | undefined;
}

/** Output to this process's standard streams. */
export function openOutput(json: boolean): Output {
  // A reader such as `head` that has seen enough is no fault of ours.
  const unread = new AbortController();
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    unread.abort();
  });
  const write = (text: string): void => void process.stdout.write(text);
  const { isTTY } = process.stdout;
  let drawn = 0;
  const redraw = (lines: readonly string[]): void => {
    const { columns, rows } = process.stdout;
    const shown = fitted(lines, columns, rows);
    write(`${drawn > 0 ? `\u001B[${drawn}A` : ''}\r\u001B[J${shown.map((line) => `${line}\n`).join('')}`);
    drawn = shown.length;
  };
  return {
    json,
    unread: unread.signal,
    line: (text) => (json ? undefined : write(`${text}\n`)),
    warning: (text) => void process.stderr.write(`sluice: ${text}\n`),
    result: (document, text) => write(json ? `${JSON.stringify(document, undefined, 2)}\n` : text.map((line) => `${line}\n`).join('')),
    record: (document, text) => write(`${json ? JSON.stringify(document) : text}\n`),
    redraw: !json && isTTY ? redraw : undefined,
    transient: !json && isTTY ? (text) => write(`\r\u001B[2K${text}`) : undefined,
  };
}

/** Tells of an error in one line, as a person or (with --json) a script reads it, and returns the exit code. */
export function reportError(error: unknown, json: boolean): number {
  const known = knownError(error);
  const defect = defectOf(error);
  const line = (known?.message ?? defect.split('\n')[0] ?? '').replaceAll(/\s*\n\s*/g, ' ');
  process.stderr.write(`sluice: ${known === undefined ? `unexpected: ${defect}` : line}\n`);
  if (json) process.stdout.write(`${JSON.stringify({ error: { code: known?.code ?? 'unexpected', message: line } })}\n`);
  return known?.exitCode ?? EXIT.failed;
}
