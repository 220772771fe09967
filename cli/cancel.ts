import { tableOf } from '../reduce/reduce.ts';
import { clearWaiting } from '../runtime/queue.ts';
import { openStore } from '../store/store.ts';
import { settingsWithTable, type Invocation } from './command.ts';
import { record } from './record.ts';
import { brokerIfAny } from './any-broker.ts';

/** `sluice cancel`: drops a table's plan and its waiting jobs; what is being computed still arrives, and rows stay. */
export async function cancel(invocation: Invocation): Promise<void> {
  const settings = settingsWithTable(invocation);
  const { table } = settings;
  await using broker = await brokerIfAny(settings);
  if (broker === undefined) requireTable(settings.data, table);
  await record({ kind: 'cancel', table }, settings.data, broker);
  const removed = broker === undefined ? 0 : await clearWaiting(broker, table);
  invocation.output.result({ table, removed }, [`${table}: ${removed} waiting points taken out; stored rows stay`]);
}

/** Throws where the database has no such table, or there is none: a cancel is not to make one. */
function requireTable(data: string, table: string): void {
  using held = new DisposableStack();
  tableOf(held.adopt(openStore(data), (open) => open.close()), table);
}
