import { cpus } from 'node:os';
import type { ChildTimes } from './child.ts';

/** Share of the machine that others may take before a ratio of seconds says more about them than about us. */
export const QUIET_SHARE = 0.05;

/** One round of a bench, and how quiet it was. */
export interface Round {
  /** Largest share of the machine that others took during one of its trials; 0 where that is not known. */
  readonly othersShare: number;
}

/** The rounds that count, and out of how many. */
export interface Quietest<R extends Round> extends Round {
  readonly counted: readonly R[];
  /** Rounds measured. */
  readonly tries: number;
}

/** The quietest `rounds` rounds: more are measured while others keep the machine busy, up to `triesPerRound` for each. */
export async function quietest<R extends Round>(
  { rounds, triesPerRound }: { readonly rounds: number; readonly triesPerRound: number },
  measureRound: (index: number) => Promise<R>,
): Promise<Quietest<R>> {
  const all: R[] = [];
  const quiet = (): number => all.filter(({ othersShare }) => othersShare <= QUIET_SHARE).length;
  while (all.length < rounds || (quiet() < rounds && all.length < triesPerRound * rounds)) all.push(await measureRound(all.length));
  const counted = all.toSorted((a, b) => a.othersShare - b.othersShare).slice(0, rounds);
  return { counted, tries: all.length, othersShare: counted.at(-1)?.othersShare ?? 0 };
}

/** The share of the machine that others took during a trial; 0 where that is not known. */
export function shareOfOthers({ othersCpuSeconds, wallSeconds }: Pick<ChildTimes, 'othersCpuSeconds' | 'wallSeconds'>): number {
  return (othersCpuSeconds ?? 0) / wallSeconds / cpus().length;
}
