import type { Readable } from 'node:stream';

/** Longest answer of a program, bytes: a row of 3 million doubles in decimal. */
export const MAX_ANSWER_BYTES = 64 * 2 ** 20;

/** Beginning of a wrong output that its complaint quotes, bytes. */
const QUOTED_BYTES = 400;

/**
 * Time in which nothing may follow an answer: a second line for one point would else be taken for the answer
 * to the next, and every later row would be another point's. The first answer of a program waits longer,
 * because what prints two lines does so from the start.
 */
const QUIET_MS = { first: 50, later: 1 };

const NEWLINE = 0x0a;

/** What a program's output turns out to be. */
export interface AnswerEvents {
  /** One line, without its end, and when it came, on the clock of performance.now(). */
  onAnswer(line: string, atMs: number): void;
  /**
   * More than one line, too long a one, or no UTF-8: `what` says which, `output` begins what was printed.
   * Nothing that follows is read as an answer.
   */
  onNonsense(what: string, output: string): void;
}

/**
 * Reads single lines from a program's standard output: each is an answer once it was quiet after it, or at
 * the end.
 */
export function readAnswers(stdout: Readable, events: AnswerEvents): void {
  let pieces: Buffer[] = [];
  let bytes = 0;
  let line: Buffer | undefined;
  let lineAtMs = 0;
  let quietMs = QUIET_MS.first;

  const refuse = (what: string, ...output: Buffer[]): void => {
    stdout.off('data', take).resume();
    line = undefined;
    pieces = [];
    events.onNonsense(what, Buffer.concat(output).subarray(0, QUOTED_BYTES).toString('utf8'));
  };
  const release = (): void => {
    if (line === undefined) return;
    const whole = line;
    const text = utf8(whole);
    line = undefined;
    if (text === undefined) refuse('not UTF-8', whole);
    else events.onAnswer(text, lineAtMs);
    quietMs = QUIET_MS.later;
  };
  const take = (chunk: Buffer): void => {
    if (line !== undefined) return refuse('followed by more, unasked for', line, Buffer.from('\n'), chunk);
    const end = chunk.indexOf(NEWLINE);
    const piece = end < 0 ? chunk : chunk.subarray(0, end);
    pieces.push(piece);
    bytes += piece.length;
    if (bytes > MAX_ANSWER_BYTES)
      return refuse(`longer than ${MAX_ANSWER_BYTES / 2 ** 20} MB`, pieces[0] ?? piece);
    if (end < 0) return;
    line = Buffer.concat(pieces);
    lineAtMs = performance.now();
    pieces = [];
    bytes = 0;
    if (end + 1 < chunk.length) take(chunk.subarray(end + 1));
    else setTimeout(() => setImmediate(release), quietMs); // what waits in the pipe is read in between
  };
  stdout.on('data', take);
  stdout.on('end', release);
  stdout.on('error', () => {}); // its end is told by the program's death
}

function utf8(line: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(line);
  } catch {
    return undefined;
  }
}
