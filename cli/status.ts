import { planOf } from '../experiment/plan.ts';
import { parseSpec } from '../experiment/spec.ts';
import { tableStatus, type TableStatus } from '../monitor/status.ts';
import { openStoreIfPresent, type Store } from '../store/store.ts';
import { settingsWithTable, type Invocation } from './command.ts';
import { brokerIfAny } from './any-broker.ts';

/** `sluice status`: how many points of a table wait, are active, stored and failed. */
export async function status(invocation: Invocation): Promise<void> {
  const settings = settingsWithTable(invocation);
  const { table } = settings;
  using held = new DisposableStack();
  const store = openStoreIfPresent(settings.data);
  held.defer(() => store?.close());
  await using broker = await brokerIfAny(settings);
  const standing = await tableStatus(table, plannedPoints(store, table), store, broker);
  invocation.output.result(standing, statusLines(standing, store, table));
}

/** Points that the table's specs ask for together. */
export function plannedPoints(store: Store | undefined, table: string): number {
  const specs = store?.table(table)?.specs ?? [];
  return planOf(specs.map((spec) => parseSpec(JSON.parse(spec), { directory: '/' }))).count();
}

function statusLines(standing: TableStatus, store: Store | undefined, table: string): string[] {
  if (store?.table(table) === undefined && standing.waiting + standing.active === 0) {
    const others = store?.tables() ?? [];
    return [
      `no table ${table} here${others.length > 0 ? `; there are ${others.join(', ')}` : ' yet'}`,
      ...deadLetterLines(standing, store),
    ];
  }
  const alive = standing.consumers.filter((one) => one.alive);
  return [
    `${table} (${standing.experiment ?? 'on its way'}): ${standing.stored}${standing.points > 0 ? ` of ${standing.points} points` : ' points, none asked for,'} stored, ` +
      `${standing.waiting} waiting, ${standing.active} active, ${standing.failed} failed, ${standing.streamEntries} entries on their way`,
    standing.broker ? `consumers: ${alive.length}` : 'no broker is up',
    ...alive.map((one) => `  ${one.id}  ${one.running} of ${one.slots} computing, ${one.rows} rows`),
    ...(standing.failed > 0 ? [`failed points run again after \`npx sluice retry ${table}\``] : []),
    ...deadLetterLines(standing, store),
  ];
}

/** Tells of the entries that the database could not take, and of the reason of the latest. */
function deadLetterLines({ table, deadLetters }: TableStatus, store: Store | undefined): string[] {
  if (deadLetters === 0) return [];
  const reason = store?.latestDeadLetter(table)?.reason ?? 'unknown';
  return [`dead letters: ${deadLetters}, kept in sluice_dead_letters; the latest: ${reason}`];
}
