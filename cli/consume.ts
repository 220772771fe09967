import { z } from 'zod';
import { startConsumer } from '../consumer/consume.ts';
import { openPool } from '../consumer/slot/pool.ts';
import { connectBroker } from '../runtime/broker.ts';
import { requireBroker } from '../runtime/broker-file.ts';
import { mistake } from '../runtime/errors.ts';
import { listenForStop } from '../runtime/signals.ts';
import { tableNameSchema } from '../wire/names.ts';
import { logOf, numberOption, settingsOf, type Invocation } from './command.ts';

/** `sluice consume`: one consumer process, until a signal or until it was idle for long enough. */
export async function consume(invocation: Invocation): Promise<void> {
  const settings = settingsOf(invocation);
  const idleExit = numberOption(invocation, 'idleExit', '--idle-exit', z.number().nonnegative('at least 0 seconds'));
  const tables = invocation.arguments.length > 0 ? invocation.arguments.map(checkedTable) : undefined;
  const log = await logOf(invocation, 'consume', settings);
  using stop = listenForStop();
  const found = await requireBroker(settings);
  await using broker = await connectBroker(found);
  const consumer = startConsumer({
    broker,
    pool: openPool({ slots: settings.threads, log }),
    tables,
    slots: settings.threads,
    streamBytes: settings.streamBytes,
    // Rows that Redis does not take are for the broker's sink, wherever we were started.
    data: invocation.options['data'] === undefined ? (found.file?.data ?? settings.data) : settings.data,
    graceMs: settings.grace * 1000,
    idleExitMs: idleExit === undefined ? undefined : idleExit * 1000,
    log,
  });
  stop.onRequest(() => consumer.stop());
  const consumed = await consumer.left;
  invocation.output.result(consumed, [`consumer left: ${consumed.rows} rows, ${consumed.failures} failures delivered`]);
  stop.settle();
}

function checkedTable(name: string): string {
  const parsed = tableNameSchema.safeParse(name);
  if (parsed.success) return parsed.data;
  throw mistake('bad-table-name', `table ${JSON.stringify(name)}: ${parsed.error.issues[0]?.message}`);
}
