import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { settledWithin } from '../../runtime/wait.ts';
import type { Point } from '../../wire/point.ts';
import { readAnswers } from './answers.ts';
import { LAST_OUTPUT_MS, supervise, type Supervised } from './child.ts';
import { crashOf, type End } from './crash.ts';
import { badOutput, rowOfAnswer } from './program-answer.ts';
import type { Runner } from './runner.ts';
import { ComputationError, Interrupted, type Computed } from './slot.ts';
import { spawnProgram, whyNotStarted, type ProgramDefinition } from './spawn-program.ts';
import type { RunnerOptions } from './start-runner.ts';

/** Time between the request to end (SIGTERM) and the kill of a program that hangs or talks nonsense. */
const TERM_MS = 2_000;

/** Time that an idle program has to end by itself once its input is closed. */
const END_OF_INPUT_MS = 1_000;

/** What a program that ends after one answer overlooks. */
const READS_ON = 'a program reads points until its standard input ends';

/** Longest timer that Node keeps, ms: 24.8 days. A longer one would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * A runner that is a program in any language, started in its directory and kept for many points.
 *
 * It reads a point per line, JSON, on standard input, and answers each with a row per line, JSON, on standard
 * output, flushed; `{"error": "message"}` fails the point alone. Standard error goes to the log. It ends when
 * its input ends. A wrong answer, a missing one (`timeoutSeconds` from the moment the point is written, the
 * program's own start included), or its death fails the point in hand; the next one gets a fresh program.
 */
export function startProgram(definition: ProgramDefinition, options: RunnerOptions): Runner {
  return new Program(definition, options);
}

interface InHand {
  readonly point: Point;
  readonly startedMs: number;
  readonly outcome: PromiseWithResolvers<Computed>;
}

class Program implements Runner {
  readonly #definition: ProgramDefinition;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #supervised: Supervised;
  readonly #log: RunnerOptions['log'];
  #live = true;
  #inHand: InHand | undefined;
  /** Settles when the points that were given before have their answers: a program is asked one at a time. */
  #answered: Promise<void> = Promise.resolve();
  /** Why we end the program, where we do. */
  #fault: Error | undefined;

  constructor(definition: ProgramDefinition, options: RunnerOptions) {
    this.#definition = definition;
    this.#log = options.log;
    this.#child = spawnProgram(definition);
    this.#supervised = supervise(this.#child, { stderr: this.#child.stderr }, definition.name, options);
    void this.#supervised.ended.then((end) => this.#onEnd(end));
    readAnswers(this.#child.stdout, {
      onAnswer: (line, atMs) => this.#onAnswer(line, atMs),
      onNonsense: (what, output) => void this.#retire(badOutput(what, output)),
    });
    this.#child.stdin.on('error', () => void this.#onClosed('input'));
    this.#child.stdout.on('end', () => void this.#onClosed('output'));
  }

  get live(): boolean {
    return this.#live;
  }

  async ready(): Promise<void> {
    if (this.#child.pid === undefined) throw this.#crash(await this.#supervised.ended);
  }

  async compute(point: Point, signal: AbortSignal): Promise<Computed> {
    const before = this.#answered;
    const answer = Promise.withResolvers<void>();
    this.#answered = answer.promise;
    await before;
    return await this.#ask(point, signal).finally(answer.resolve);
  }

  async #ask(point: Point, signal: AbortSignal): Promise<Computed> {
    if (signal.aborted || !this.#live) throw new Interrupted();
    const { timeoutSeconds } = this.#definition;
    const outcome = Promise.withResolvers<Computed>();
    const onAbort = (): void => this.#interrupt();
    const onLate = (): void =>
      void this.#retire(new ComputationError('timed-out', `gave no answer within ${timeoutSeconds} s`));
    const timer = setTimeout(onLate, Math.min(timeoutSeconds * 1_000, LONGEST_TIMER_MS));
    signal.addEventListener('abort', onAbort);
    this.#inHand = { point, startedMs: performance.now(), outcome };
    this.#supervised.beginPoint();
    this.#child.stdin.write(`${JSON.stringify(point)}\n`);
    try {
      return await outcome.promise;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      this.#inHand = undefined;
    }
  }

  async end(): Promise<void> {
    if (this.#inHand !== undefined) {
      this.#interrupt();
    } else {
      this.#live = false;
      this.#child.stdin.end();
      if (!(await settledWithin(this.#supervised.ended, END_OF_INPUT_MS))) this.#supervised.kill('SIGKILL');
    }
    await this.#supervised.ended;
  }

  #onAnswer(line: string, atMs: number): void {
    if (!this.#live) return;
    if (this.#inHand === undefined) return void this.#retire(badOutput('unasked for', line));
    const { point, startedMs, outcome } = this.#inHand;
    const seconds = (atMs - startedMs) / 1_000;
    try {
      outcome.resolve({
        row: rowOfAnswer(line, point),
        parameters: Object.keys(point).length,
        seconds,
        notes: {},
      });
    } catch (error) {
      if (error instanceof ComputationError && error.code === 'point-failed') outcome.reject(error);
      else void this.#retire(error as Error);
    }
  }

  /** Fails the point in hand with `error` once the program, which is of no more use, is gone. */
  async #retire(error: Error): Promise<void> {
    if (!this.#live) return;
    this.#live = false;
    this.#fault = error;
    if (this.#inHand === undefined) {
      const fields = { experiment: this.#definition.name, reason: error.message };
      this.#log.warn(fields, 'a program was ended between points');
    }
    this.#supervised.kill('SIGTERM');
    if (!(await settledWithin(this.#supervised.ended, TERM_MS))) this.#supervised.kill('SIGKILL');
  }

  /** A program that closed a stream ends at once, as a rule; one that does not will never answer. */
  async #onClosed(stream: 'input' | 'output'): Promise<void> {
    if (await settledWithin(this.#supervised.ended, LAST_OUTPUT_MS)) return;
    await this.#retire(
      new ComputationError('bad-output', `the program closed its standard ${stream} without an answer`),
    );
  }

  #onEnd(end: End): void {
    this.#live = false;
    this.#inHand?.outcome.reject(this.#fault ?? this.#crash(end));
  }

  #interrupt(): void {
    this.#live = false;
    this.#inHand?.outcome.reject(new Interrupted());
    this.#supervised.kill('SIGKILL');
  }

  #crash(end: End): ComputationError {
    if (this.#child.pid === undefined) {
      return new ComputationError('crashed', whyNotStarted(this.#definition, end.how));
    }
    return crashOf('program', end.how === 'exit code 0' ? { ...end, how: `${end.how}; ${READS_ON}` } : end);
  }
}
