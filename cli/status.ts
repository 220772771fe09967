import { tablesLines } from '../monitor/tables.ts';
import { nodeLines, nodesOf } from '../monitor/nodes.ts';
import { NOTHING_QUEUED, queuedStatus, storedStatus, uploadLines, type TableStatus } from '../monitor/status.ts';
import { findBroker } from '../runtime/broker-file.ts';
import { readRegistrations } from '../runtime/registration.ts';
import { openStoreIfPresent, type Store } from '../store/store.ts';
import { brokerIfAny } from './any-broker.ts';
import { tablesAskedFor } from './asked-tables.ts';
import { settingsWithTable, type Invocation } from './command.ts';
import { databaseFolder } from './database-folder.ts';
import { openPlannedPoints } from '../monitor/planned-points.ts';

/**
 * `sluice status`: how many points of a table wait, are active, stored and failed; of every table where several are known
 * and none is named; with --watch at every interval.
 */
export async function status(invocation: Invocation): Promise<void> {
  if (invocation.options['watch'] === true) return await (await import('./status-watch.ts')).watchStatus(invocation);
  const settings = settingsWithTable(invocation);
  using held = new DisposableStack();
  const store = openStoreIfPresent(databaseFolder(settings, findBroker(settings)));
  held.defer(() => store?.close());
  await using broker = await brokerIfAny(settings);
  const points = openPlannedPoints();
  const all: TableStatus[] = [];
  const registered = broker === undefined ? [] : (await readRegistrations(broker)).keys();
  for (const table of tablesAskedFor(invocation, [...(store?.tables() ?? []), ...registered])) {
    const queued = broker === undefined ? NOTHING_QUEUED : await queuedStatus(broker, table);
    all.push({ table, ...storedStatus(store, table, points(store, table)), ...queued });
  }
  const [only] = all;
  if (all.length === 1 && only !== undefined) invocation.output.result(only, statusLines(only, store));
  // The consumers are the same for all.
  else invocation.output.result({ tables: all.map((one) => ({ ...one, consumers: undefined })), consumers: only?.consumers ?? [] }, tablesLines(all));
}

function statusLines(standing: TableStatus, store: Store | undefined): string[] {
  const { table } = standing;
  if (store?.table(table) === undefined && standing.waiting + standing.active === 0) {
    const others = store?.tables() ?? [];
    return [
      `no table ${table} here${others.length > 0 ? `; there are ${others.join(', ')}` : ' yet'}`,
      ...deadLetterLines(standing, store),
    ];
  }
  return [
    `${table} (${standing.experiment ?? 'on its way'}): ${standing.stored}${standing.points > 0 ? ` of ${standing.points} points` : ' points, none asked for,'} stored, ` +
      `${standing.waiting} waiting, ${standing.active} active, ${standing.failed} failed, ${standing.streamEntries} entries on their way`,
    standing.broker ? `consumers: ${standing.consumers.filter((one) => one.alive).length}` : 'no broker is up',
    ...nodeLines(nodesOf(standing.consumers)),
    ...uploadLines(standing, Date.now()),
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
