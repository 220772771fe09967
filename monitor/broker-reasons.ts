import { clock } from './clock.ts';
import type { Facts, NamedBroker, Reason } from './facts.ts';
import { reasonInWords } from './pending-reason.ts';
import { seeLog, type TaskFact } from './task-fact.ts';

/** Why no broker answers: its SLURM job waits or starts, it has ended, or nobody has started one. */
export function noBroker({ standing, named, brokerTask, logOf, nowMs }: Facts): Reason[] {
  if (standing.broker) return [];
  if (brokerTask !== null) return [ofJob(brokerTask, logOf, nowMs)];
  if (named === null) return [{ code: 'no-broker', text: 'no broker is up', type: 'npx sluice up' }];
  return [{ code: 'broker-silent', ...silent(named) }];
}

function ofJob(task: TaskFact, logOf: Facts['logOf'], nowMs: number): Reason {
  const { id, state, reason, startsAtMs, node } = task;
  if (state !== 'pending') {
    return { code: 'broker-starting', text: `the broker's job ${id} is ${state}${node === null ? '' : ` on ${node}`}, and does not answer yet${seeLog(logOf(task))}` };
  }
  const start = startsAtMs === null ? '' : `, estimated start ${clock(startsAtMs, nowMs)}`;
  return { code: 'broker-pending', text: `the broker's job ${id} is pending (${reasonInWords(reason)})${start}` };
}

function silent({ by, elsewhere, job }: NamedBroker): Pick<Reason, 'text' | 'type'> {
  if (job !== null) return { text: `the broker of ${by} does not answer; it was SLURM job ${job}, which is not in the queue`, type: 'npx sluice up --as-job' };
  const where = elsewhere === null ? '' : `, and was on ${elsewhere}: see there whether \`sluice up\` still runs`;
  return { text: `the broker of ${by} does not answer${where}`, type: 'npx sluice up' };
}
