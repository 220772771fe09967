import type { Plan } from '../../test/slurm/harness/plan.ts';
import { quietest, shareOfOthers, type Quietest, type Round } from '../run/quietest.ts';
import type { RunTrial } from '../run/trial.ts';
import { tryLocal, tryNodes, tryServices } from './parts.ts';
import type { ServedTrial } from './served.ts';

/** Blocks of the unmeasured trials before the first round, which fill the compile cache and the page cache. */
const WARM_UP_BLOCKS = 20;

/** What is to be measured. */
export interface Order {
  readonly rounds: number;
  /** Rounds measured at most for each one wanted, where the machine is too busy. */
  readonly triesPerRound: number;
  readonly blocks: number;
}

/** The three ways of one round, one after the other. */
export interface Trio extends Round {
  readonly run: RunTrial;
  readonly services: ServedTrial;
  readonly nodes: ServedTrial;
}

/** Measures `rounds` rounds on the cluster, and more where others keep the machine busy: then the quietest count. */
export async function measure(order: Order, plan: Plan): Promise<Quietest<Trio>> {
  await measureTrio(WARM_UP_BLOCKS, 0, plan);
  return await quietest(order, async (index) => await measureTrio(order.blocks, index, plan));
}

/** The ways in an order that changes. */
async function measureTrio(blocks: number, index: number, plan: Plan): Promise<Trio> {
  const trio: Partial<Pick<{ -readonly [Part in keyof Trio]: Trio[Part] }, 'run' | 'services' | 'nodes'>> = {};
  const steps = [
    async () => (trio.run = await tryLocal(blocks)),
    async () => (trio.services = await tryServices(blocks)),
    async () => (trio.nodes = await tryNodes(blocks, plan)),
  ];
  for (const step of index % 2 === 0 ? steps : steps.toReversed()) await step();
  const { run, services, nodes } = trio as Trio;
  return { run, services, nodes, othersShare: Math.max(...[run, services, nodes].map(shareOfOthers)) };
}
