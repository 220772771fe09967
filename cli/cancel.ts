import { countCancel } from '../producer/cancellation.ts';
import { tableOf } from '../reduce/reduce.ts';
import type { Broker } from '../runtime/broker.ts';
import { findBroker } from '../runtime/broker-file.ts';
import { clearWaiting } from '../runtime/queue.ts';
import { readRegistrations } from '../runtime/registration.ts';
import { openStore, openStoreIfPresent } from '../store/store.ts';
import { brokerIfAny } from './any-broker.ts';
import { settingsWithTable, type Invocation } from './command.ts';
import { refuseDuringRun } from './live-broker.ts';
import { record } from './record.ts';

/** `sluice cancel`: drops a table's plan and its waiting jobs; what is being computed still arrives, and rows stay. */
export async function cancel(invocation: Invocation): Promise<void> {
  const settings = settingsWithTable(invocation);
  const { table } = settings;
  await refuseDuringRun(findBroker(settings)?.file);
  await using broker = await brokerIfAny(settings);
  await requireTable(settings.data, table, broker);
  await record({ kind: 'cancel', table }, settings.data, broker);
  const removed = broker === undefined ? 0 : await withdraw(broker, table);
  invocation.output.result({ table, removed }, [`${table}: ${removed} waiting points taken out; stored rows stay`]);
}

/** Takes out the waiting jobs after the fillings of their queue were told to stop; returns how many there were. */
async function withdraw(broker: Broker, table: string): Promise<number> {
  await countCancel(broker, table);
  return await clearWaiting(broker, table);
}

/** Throws where neither the broker nor the database knows the table: a cancel is not to make one. */
async function requireTable(data: string, table: string, broker: Broker | undefined): Promise<void> {
  using held = new DisposableStack();
  const store = openStoreIfPresent(data);
  held.defer(() => store?.close());
  // A plan that no sink has committed yet is known to the broker alone.
  if (broker !== undefined && (await readRegistrations(broker)).has(table)) return;
  tableOf(store ?? held.adopt(openStore(data), (open) => open.close()), table);
}
