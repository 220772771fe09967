import type { SeenConsumer } from '../runtime/presence.ts';
import type { Facts, Reason, Rule } from './facts.ts';
import { reasonInWords } from './pending-reason.ts';
import { duration, significant } from './progress.ts';
import { pendingGroups, seeLog, type TaskFact } from './task-fact.ts';
import { pendingText, secondsPerPoint } from './watch.ts';

/** Tasks that are named in one reason. */
const TASKS_SHOWN = 3;

/** Why consumers do not take what waits, likeliest first: they were lost, never came, wait for nodes, leave, or are at work. */
export const CONSUMER_RULES: readonly Rule[] = [lost, unseen, pending, slurmSilent, none, leaving, tooShort, takingNothing, busy];

function lost({ standing, tasks, nodeStates }: Facts): Reason[] {
  const groups = Map.groupBy(standing.consumers.filter(({ alive }) => !alive), ({ host }) => host);
  return [...groups].map(([host, all]) => {
    const agoSeconds = Math.min(...all.map(({ agoMs }) => agoMs)) / 1000;
    const state = nodeStates.get(host);
    const task = tasks?.find(({ id }) => all.some(({ job }) => job === id));
    const slurm = [
      ...(state === undefined ? [] : [`the node is ${state}`]),
      ...(task === undefined ? [] : [`its job ${task.id} is ${task.state}`]),
    ];
    const who = all.length === 1 ? `the consumer on ${host} was` : `${all.length} consumers on ${host} were`;
    return { code: 'consumers-lost', text: [`${who} last seen ${duration(agoSeconds)} ago`, ...slurm].join('; ') };
  });
}

function unseen({ standing, tasks, logOf }: Facts): Reason[] {
  const seen = new Set(standing.consumers.map(({ job }) => job));
  const silent = standing.broker ? (tasks ?? []).filter(({ id, state }) => state === 'running' && !seen.has(id)) : [];
  const [first] = silent;
  if (first === undefined) return [];
  const named = silent.slice(0, TASKS_SHOWN).map(({ id }) => id).join(', ');
  return [{ code: 'tasks-unseen', text: `${tasksText(silent)} running (${named}) whose consumers were never seen${seeLog(logOf(first))}` }];
}

function pending({ tasks, nowMs }: Facts): Reason[] {
  return pendingGroups(tasks ?? []).map((group) => ({ code: 'tasks-pending', text: pendingText({ ...group, reason: reasonInWords(group.reason) }, nowMs) }));
}

function slurmSilent({ slurmTrouble }: Facts): Reason[] {
  return slurmTrouble === null ? [] : [{ code: 'slurm-silent', text: `SLURM's queue is not known: ${slurmTrouble}` }];
}

function none({ standing, tasks, newestLog }: Facts): Reason[] {
  if (!standing.broker || alive(standing.consumers).length > 0 || (tasks ?? []).length > 0) return [];
  return [{ code: 'no-consumers', text: `there is no consumer${newestLog === undefined ? '' : `; what the last one said is in ${newestLog}`}`, type: tasks === null ? 'npx sluice consume' : `npx sluice launch array ${standing.table}` }];
}

function leaving({ standing }: Facts): Reason[] {
  const count = alive(standing.consumers).filter(({ state }) => state === 'leaving').length;
  return count === 0 ? [] : [{ code: 'consumers-leaving', text: `${count === 1 ? '1 consumer is' : `${count} consumers are`} leaving, and ${count === 1 ? 'takes' : 'take'} nothing more` }];
}

function tooShort({ standing, nowMs }: Facts): Reason[] {
  const short = alive(standing.consumers).flatMap(({ host, endsAtMs, secondsPerPoint: each }) => {
    const leftSeconds = endsAtMs === null ? Infinity : Math.max(0, (endsAtMs - nowMs) / 1000);
    return each !== null && leftSeconds < each ? [{ host, each, leftSeconds }] : [];
  });
  return short.map(({ host, each, leftSeconds }) => ({
    code: 'allocation-short',
    text: `a point takes ${significant(each)} s, and the allocation on ${host} ends in ${duration(leftSeconds)}: it takes nothing more`,
    type: `npx sluice launch array ${standing.table} --time ...`,
  }));
}

function takingNothing({ standing }: Facts): Reason[] {
  const there = alive(standing.consumers).filter(({ state }) => state === 'taking');
  const idle = there.length > 0 && standing.waiting > standing.delayed && standing.active === 0 && there.every(({ running }) => running === 0);
  const who = there.length === 1 ? 'the consumer takes none: does it serve other tables only?' : `none of ${there.length} consumers takes one: do they serve other tables only?`;
  return idle ? [{ code: 'consumers-idle', text: `${standing.waiting - standing.delayed} points wait, and ${who}`, type: `npx sluice launch array ${standing.table}` }] : [];
}

function busy({ standing }: Facts): Reason[] {
  const there = alive(standing.consumers);
  const all = standing.waiting > 0 && there.length > 0 && there.every(({ running, slots }) => running >= slots);
  if (!all) return [];
  const slots = there.reduce((sum, one) => sum + one.slots, 0);
  const each = secondsPerPoint(standing);
  const left = each === undefined ? '' : `; a point takes ${significant(each)} s, and the rest ${duration(((standing.waiting + standing.active) * each) / slots)}`;
  return [{ code: 'all-busy', text: `all ${slots} slots of ${there.length === 1 ? 'the consumer' : `${there.length} consumers`} compute, and ${standing.waiting} points wait${left}` }];
}

function alive(consumers: readonly SeenConsumer[]): SeenConsumer[] {
  return consumers.filter((one) => one.alive);
}

function tasksText(tasks: readonly TaskFact[]): string {
  return tasks.length === 1 ? '1 array task is' : `${tasks.length} array tasks are`;
}
