import { clearWaiting } from '../runtime/queue.ts';
import { settingsWithTable, type Invocation } from './command.ts';
import { record } from './record.ts';
import { brokerIfAny } from './any-broker.ts';

/** `sluice cancel`: drops a table's plan and its waiting jobs; what is being computed still arrives, and rows stay. */
export async function cancel(invocation: Invocation): Promise<void> {
  const settings = settingsWithTable(invocation);
  const { table } = settings;
  await using broker = await brokerIfAny(settings);
  await record({ kind: 'cancel', table }, settings.data, broker);
  const removed = broker === undefined ? 0 : await clearWaiting(broker, table);
  invocation.output.result({ table, removed }, [`${table}: ${removed} waiting points taken out; stored rows stay`]);
}
