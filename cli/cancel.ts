import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { countCancel } from '../producer/cancellation.ts';
import { tableOf } from '../reduce/reduce.ts';
import type { Broker } from '../runtime/broker.ts';
import { findBroker } from '../runtime/broker-file.ts';
import { SluiceError } from '../runtime/errors.ts';
import { clearWaiting } from '../runtime/queue.ts';
import { readRegistrations } from '../runtime/registration.ts';
import { cancelLaunched } from '../slurm/cancel-launched.ts';
import { jobNamesOf, logFolderIn } from '../slurm/job-name.ts';
import { openStore, openStoreIfPresent } from '../store/store.ts';
import { brokerIfAny } from './any-broker.ts';
import { settingsWithTable, type Invocation } from './command.ts';
import { refuseDuringRun } from './live-broker.ts';
import { record } from './record.ts';

/**
 * `sluice cancel`: drops a table's plan and its waiting jobs, and ends the SLURM jobs that were launched for it alone;
 * what is being computed still arrives, and rows stay.
 */
export async function cancel(invocation: Invocation): Promise<void> {
  const settings = settingsWithTable(invocation);
  const { table } = settings;
  await refuseDuringRun(findBroker(settings)?.file);
  await using broker = await brokerIfAny(settings);
  await requireTable(settings.data, table, broker);
  await record({ kind: 'cancel', table }, settings.data, broker);
  const removed = broker === undefined ? 0 : await withdraw(broker, table);
  const slurm = await endLaunched(table, findBroker(settings)?.file?.data ?? resolve(settings.data));
  invocation.output.result({ table, removed, ...slurm.document }, [
    `${table}: ${removed} waiting points taken out; stored rows stay`,
    ...slurm.lines,
  ]);
}

/** Ends what was launched for the table, where there is SLURM; one that does not answer is told of, and not waited for long. */
async function endLaunched(table: string, data: string): Promise<{ document: object; lines: string[] }> {
  // Whoever launched made the folder of the logs: elsewhere SLURM is not asked at all.
  if (!existsSync(logFolderIn(data))) return { document: {}, lines: [] };
  const names = jobNamesOf(table, data);
  try {
    for (const name of names) if (!(await cancelLaunched(name))) return { document: {}, lines: [] };
    return { document: { slurm: names }, lines: [`SLURM ends the jobs called ${names.join(' or ')}, where there are any`] };
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error;
    return { document: { slurmError: error.message }, lines: [`its SLURM jobs may go on: ${error.message}`] };
  }
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
