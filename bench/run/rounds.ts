import { type DaskTrial, tryDask } from './dask.ts';
import type { Trials } from './figures.ts';
import { quietest, shareOfOthers } from './quietest.ts';
import { type BareTrial, inFolder, type RunTrial, tryBare, tryRun } from './trial.ts';

/** Blocks of the unmeasured runs before the first round, which fill the compile cache and the page cache. */
const WARM_UP_BLOCKS = 20;

/** The parts of the bench. */
export const PARTS = ['bare', 'run', 'dask'] as const;
export type Part = (typeof PARTS)[number];

/** What is to be measured. */
export interface Order {
  readonly parts: ReadonlySet<Part>;
  readonly rounds: number;
  /** Rounds measured at most for each one wanted, where the machine is too busy. */
  readonly triesPerRound: number;
  readonly blocks: number;
  /** Points of one run of the peer. */
  readonly daskPoints: number;
  readonly python: string;
}

/** What was measured: the trials of the quietest rounds, and how quiet they were. */
export interface Gathered {
  readonly trials: Trials;
  /** Rounds measured, of which `trials` holds the quietest. */
  readonly tries: number;
  /** Largest share of the machine that others took during one of the trials; 0 where that is not known. */
  readonly othersShare: number;
}

interface Round {
  readonly bare: readonly BareTrial[];
  readonly run: readonly RunTrial[];
  readonly othersShare: number;
}

/**
 * Measures `rounds` rounds, and more where others keep the machine busy: then the quietest count. In a round
 * the bare loop and the command follow each other, in an order that changes; the peer follows the first
 * rounds.
 */
export async function measure(order: Order): Promise<Gathered> {
  const { parts, rounds, triesPerRound, blocks, daskPoints, python } = order;
  await measureRound(parts, WARM_UP_BLOCKS, 0);
  const dask: DaskTrial[] = [];
  const { counted, ...quietness } = await quietest({ rounds, triesPerRound }, async (index) => {
    const round = await measureRound(parts, blocks, index);
    if (parts.has('dask') && index < rounds) dask.push(await inFolder((directory) => tryDask(python, daskPoints, directory)));
    return round;
  });
  const bare = counted.flatMap((round) => round.bare);
  const run = counted.flatMap((round) => round.run);
  return { trials: { bare, run, dask }, ...quietness };
}

async function measureRound(parts: ReadonlySet<Part>, blocks: number, index: number): Promise<Round> {
  const bare: BareTrial[] = [];
  const run: RunTrial[] = [];
  const steps = [
    async () => parts.has('bare') && bare.push(await inFolder((directory) => tryBare(blocks, directory))),
    async () => parts.has('run') && run.push(await inFolder((directory) => tryRun(blocks, directory))),
  ];
  for (const step of index % 2 === 0 ? steps : steps.toReversed()) await step();
  return { bare, run, othersShare: Math.max(0, ...[...bare, ...run].map(shareOfOthers)) };
}
