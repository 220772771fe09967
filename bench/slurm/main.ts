/**
 * `npm run bench:slurm [-- --smoke --json --rounds N --blocks N]`: the main experiment on three nodes of a real SLURM
 * cluster, one consumer a node, beside one local `sluice run` with as many slots on the same cores, and beside `up`,
 * `enqueue` and three `consume` without SLURM. What SLURM, the network and TLS cost are the ratios of the three.
 *
 * The cluster is that of `npm run test:slurm`, brought up for it; SLUICE_CLUSTER is its number. Where it cannot be had a
 * line says why, and the exit code is 77. There are no bounds: a ratio of seconds is as good as the machine is quiet. A
 * round during which others took more than a twentieth of it is measured again, up to a limit.
 */
import { parseArgs } from 'node:util';
import { upCluster } from '../../test/slurm/harness/cluster.ts';
import { meetNeeds } from '../../test/slurm/harness/needs.ts';
import { messageOf } from '../../runtime/errors.ts';
import { QUIET_SHARE } from '../run/quietest.ts';
import { wholeNumber } from '../run/whole-number.ts';
import { documentOf, linesOf } from './report.ts';
import { measure, type Order } from './rounds.ts';

const PLANS: Record<'full' | 'smoke', Order> = {
  full: { rounds: 3, triesPerRound: 3, blocks: 1000 },
  smoke: { rounds: 1, triesPerRound: 1, blocks: 50 },
};

/** The exit code of a test that is skipped. */
const SKIPPED = 77;

function note(line: string): void {
  process.stderr.write(`${line}\n`);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { smoke: { type: 'boolean', default: false }, json: { type: 'boolean', default: false }, rounds: { type: 'string' }, blocks: { type: 'string' } },
  });
  const plan = values.smoke ? PLANS.smoke : PLANS.full;
  const order = { ...plan, rounds: wholeNumber('--rounds', values.rounds) ?? plan.rounds, blocks: wholeNumber('--blocks', values.blocks) ?? plan.blocks };
  try {
    await meetNeeds();
  } catch (error) {
    note(messageOf(error));
    process.exitCode = SKIPPED;
    return;
  }
  const cluster = await upCluster(Number(process.env['SLUICE_CLUSTER'] ?? 0));
  try {
    const measured = { ...(await measure(order, cluster.plan)), blocks: order.blocks };
    process.stdout.write(`${values.json ? JSON.stringify(documentOf(measured)) : linesOf(measured).join('\n')}\n`);
    if (measured.othersShare > QUIET_SHARE) note('the machine was too busy for a verdict on seconds; CPU s tell more');
  } finally {
    await cluster.down();
  }
}

await main().catch((error: unknown) => {
  note(messageOf(error));
  process.exitCode = 1;
});
