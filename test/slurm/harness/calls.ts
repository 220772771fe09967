import { readFileSync } from 'node:fs';
import type { Plan } from './plan.ts';

/** A call of one of SLURM's commands by a user. */
export interface SlurmCommandCall {
  /** Milliseconds since 1970. */
  readonly atMs: number;
  readonly program: string;
  readonly parameters: string;
}

/** The calls of `program` by the users since `sinceMs`, the earliest first; those of the harness are not among them. */
export function callsOf(plan: Plan, program: string, sinceMs: number): SlurmCommandCall[] {
  const lines = readFileSync(plan.calls, 'utf8').split('\n').filter((line) => line !== '');
  const calls = lines.map((line) => {
    const [at = '', called = '', ...parameters] = line.split(' ');
    return { atMs: Number(at), program: called, parameters: parameters.join(' ') };
  });
  return calls.filter((call) => call.program === program && call.atMs >= sinceMs).sort((a, b) => a.atMs - b.atMs);
}

/** The least time between two calls in a row, in milliseconds; throws for fewer than two, between which there is none. */
export function leastGapMs(calls: readonly SlurmCommandCall[]): number {
  if (calls.length < 2) throw new Error(`expected two calls or more, found ${calls.length}`);
  return Math.min(...calls.slice(1).map((call, index) => call.atMs - calls[index]!.atMs));
}
