import { clock } from './clock.ts';
import { nodeLines, nodesOf, type NodeStatus } from './nodes.ts';
import { duration, significant } from './progress.ts';
import { uploadLines, type TableStatus } from './status.ts';
import { pendingGroups, type PendingGroup, type TaskFact } from './task-fact.ts';

/** What a look at a table told. */
export interface Look {
  readonly nowMs: number;
  readonly standing: TableStatus;
  /** Points a second over the last minute; undefined before that can be told. */
  readonly pace: number | undefined;
  /** The table's tasks in SLURM's queue; null where there is no SLURM, or it does not answer. */
  readonly tasks: readonly TaskFact[] | null;
  /** What could not be learned, in one line each. */
  readonly troubles: readonly string[];
}

/** A look as --json tells of it. */
export interface LookDocument extends Omit<TableStatus, 'consumers'> {
  readonly atMs: number;
  readonly complete: boolean;
  readonly pointsPerSecond: number | null;
  readonly secondsPerPoint: number | null;
  readonly secondsLeft: number | null;
  readonly nodes: readonly NodeStatus[];
  readonly pending: readonly PendingGroup[];
  readonly troubles: readonly string[];
}

const BAR_CELLS = 30;

/** Whether every point that was asked for is stored or failed, and none is under way; never of an unknown table. */
export function isComplete({ experiment, points, stored, failed, waiting, active }: TableStatus): boolean {
  return experiment !== null && waiting + active === 0 && stored + failed >= points;
}

/** Mean of what a point takes on the consumers that live, by their slots; undefined before one of them knows. */
export function secondsPerPoint({ consumers }: Pick<TableStatus, 'consumers'>): number | undefined {
  const known = consumers.filter((one) => one.alive && one.secondsPerPoint !== null);
  const slots = known.reduce((sum, one) => sum + one.slots, 0);
  return slots === 0 ? undefined : known.reduce((sum, one) => sum + one.secondsPerPoint! * one.slots, 0) / slots;
}

/** The look as a document. */
export function lookDocument(look: Look): LookDocument {
  const { consumers, ...counts } = look.standing;
  return {
    atMs: look.nowMs, ...counts, complete: isComplete(look.standing),
    pointsPerSecond: look.pace ?? null,
    secondsPerPoint: secondsPerPoint(look.standing) ?? null,
    secondsLeft: secondsLeft(look) ?? null,
    nodes: nodesOf(consumers), pending: pendingGroups(look.tasks ?? []), troubles: look.troubles,
  };
}

/** The look as lines of a terminal: bar, counts, nodes, SLURM's queue, copies, troubles. */
export function lookLines(look: Look): string[] {
  const { standing } = look;
  const settled = standing.stored + standing.failed;
  const filled = standing.points === 0 ? 0 : Math.min(BAR_CELLS, Math.floor((settled / standing.points) * BAR_CELLS));
  return [
    `${standing.table}  [${'#'.repeat(filled)}${'.'.repeat(BAR_CELLS - filled)}]  ${paceText(look)}`,
    countsText(standing),
    ...nodeLines(nodesOf(standing.consumers)),
    ...pendingGroups(look.tasks ?? []).map((group) => pendingText(group, look.nowMs)),
    ...uploadLines(look.standing, look.nowMs),
    ...look.troubles,
  ];
}

/** The look as one line of a log. */
export function lookLine(look: Look): string {
  const alive = look.standing.consumers.filter((one) => one.alive);
  const running = alive.reduce((sum, one) => sum + one.running, 0);
  const slots = alive.reduce((sum, one) => sum + one.slots, 0);
  const hosts = new Set(alive.map(({ host }) => host)).size;
  const parts = [
    countsText(look.standing), paceText(look),
    ...(alive.length === 0 ? [] : [`${running} of ${slots} computing on ${hosts} ${hosts === 1 ? 'node' : 'nodes'}`]),
    ...pendingGroups(look.tasks ?? []).map((group) => pendingText(group, look.nowMs)),
    ...uploadLines(look.standing, look.nowMs),
    ...look.troubles,
  ];
  return parts.join('; ');
}

function countsText({ points, stored, waiting, active, failed, streamEntries }: TableStatus): string {
  const counts = [`${stored} of ${points} stored`, `${waiting} waiting`, `${active} active`, `${failed} failed`];
  return [...counts, ...(streamEntries > 0 ? [`${streamEntries} entries on their way`] : [])].join(', ');
}

function paceText(look: Look): string {
  const each = secondsPerPoint(look.standing);
  const left = secondsLeft(look);
  const parts = [
    look.pace === undefined ? '' : `${look.pace.toFixed(1)}/s`,
    each === undefined ? '' : `${significant(each)} s a point`,
    left === undefined ? '' : `${duration(left)} left`,
  ].filter((part) => part !== '');
  if (isComplete(look.standing)) return 'complete';
  return parts.length === 0 ? 'no rate yet' : parts.join(', ');
}

/** Seconds until every point has settled, at the pace of the last minute; undefined where that is not known. */
export function secondsLeft({ standing, pace }: Pick<Look, 'standing' | 'pace'>): number | undefined {
  const left = standing.points - standing.stored - standing.failed;
  return pace === undefined || pace === 0 || left < 0 ? undefined : left / pace;
}

/** `8 array tasks pending (Resources), estimated start 10:42`. */
export function pendingText({ reason, count, startsAtMs }: PendingGroup, nowMs: number): string {
  const start = startsAtMs === null ? '' : `, estimated start ${clock(startsAtMs, nowMs)}`;
  return `${count} array ${count === 1 ? 'task' : 'tasks'} pending${reason === '' ? '' : ` (${reason})`}${start}`;
}
