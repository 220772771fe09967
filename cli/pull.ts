import { EXIT } from '../runtime/errors.ts';
import { listenForStop } from '../runtime/signals.ts';
import { parseTarget } from '../sink/upload/target.ts';
import { requireCloudSettings } from './cloud-settings.ts';
import { logOf, settingsWithTable, type Invocation } from './command.ts';
import { knownTable } from './gather-subject.ts';
import { pullRows } from './pull-rows.ts';
import { readStored } from './read-stored.ts';
import { tellGathered } from './tell-gathered.ts';

/** `sluice pull`: gathers a table's rows in BigQuery, so that a new machine continues it. */
export async function pull(invocation: Invocation): Promise<number> {
  const settings = settingsWithTable(invocation);
  const cloud = requireCloudSettings(settings);
  const { data, table } = settings;
  const target = parseTarget(cloud.bigquery).name;
  const { known, log } = readStored(data, (store) => ({ known: knownTable(store, table), log: store?.outbox(table)?.standing(target).log ?? null }));
  const logger = await logOf(invocation, 'pull', settings);
  using stop = listenForStop();
  const pulled = await pullRows(invocation, { cloud, table, known, data, log, logger, stop: stop.signal });
  const exitCode = pulled === undefined ? EXIT.failed : tellGathered(invocation.output, { table, experiment: pulled.experiment, from: { target: pulled.target } }, pulled.gathered);
  stop.settle();
  return exitCode;
}
