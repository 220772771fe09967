import { columns } from './columns.ts';
import type { TableStatus } from './status.ts';

/** Lines that tell of several tables briefly, one each, and of the consumers, who are the same for all. */
export function tablesLines(all: readonly TableStatus[]): string[] {
  const heading = ['table', 'experiment', 'points', 'stored', 'waiting', 'active', 'failed', 'dead letters'];
  const cells = all.map(({ table, experiment, points, stored, waiting, active, failed, deadLetters }) => [
    table, experiment ?? 'on its way', ...[points, stored, waiting, active, failed, deadLetters].map(String),
  ]);
  const alive = (all[0]?.consumers ?? []).filter((one) => one.alive).length;
  return [...columns([heading, ...cells], [2, 3, 4, 5, 6, 7]), all.some(({ broker }) => broker) ? `consumers: ${alive}` : 'no broker is up'];
}
