import type { Readable } from 'node:stream';
import type { Log } from '../../runtime/log.ts';
import { splitLines } from './lines.ts';

/** The part of a log that takes what computations print. */
export type PrintLog = Pick<Log, 'info' | 'warn'>;

/** Longest line that is logged whole, characters. */
const LOGGED_LINE_CHARACTERS = 2_000;

/**
 * Lines of one stream that are logged in a second; the rest is counted, so that a chatty loop cannot fill a
 * disk.
 */
const LOGGED_LINES_PER_SECOND = 100;

/** Lines at the end of a stream that a crash quotes. */
const LAST_LINES = 10;

/** Longest of them, characters. */
const LAST_LINE_CHARACTERS = 300;

/** What was printed on a stream since the last `forget`. */
export interface Printed {
  /** Its last lines, at most LAST_LINES; empty where nothing was printed. */
  lastLines(): string;
  /** Called where a point begins, so that a crash quotes nothing of an earlier one. */
  forget(): void;
}

/** Logs what a computation prints on `stream`, line by line and bounded; reads on whatever the log does. */
export function logPrinted(
  stream: Readable,
  log: PrintLog,
  fields: Readonly<Record<string, unknown>>,
): Printed {
  const write = limitedPerSecond(log, fields);
  const last: string[] = [];
  const lines = splitLines(LOGGED_LINE_CHARACTERS, (line) => {
    last.push(line.slice(0, LAST_LINE_CHARACTERS));
    if (last.length > LAST_LINES) last.shift();
    write.line(line);
  });
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => lines.push(text));
  stream.on('error', () => {}); // the end of what it prints; its death is told elsewhere
  stream.on('close', () => {
    lines.flush();
    write.rest();
  });
  return { lastLines: () => last.join('\n'), forget: () => void last.splice(0) };
}

function limitedPerSecond(log: PrintLog, fields: object): { line(line: string): void; rest(): void } {
  let secondBeganMs = -Infinity;
  let logged = 0;
  let dropped = 0;
  const rest = (): void => {
    if (dropped > 0) log.warn({ ...fields, lines: dropped }, 'lines that a computation printed were dropped');
    dropped = 0;
  };
  const line = (line: string): void => {
    const nowMs = performance.now();
    if (nowMs - secondBeganMs >= 1_000) {
      rest();
      secondBeganMs = nowMs;
      logged = 0;
    }
    logged += 1;
    if (logged > LOGGED_LINES_PER_SECOND) dropped += 1;
    else log.info({ ...fields, line }, 'a computation printed a line');
  };
  return { line, rest };
}
