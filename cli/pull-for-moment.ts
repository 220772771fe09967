import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SluiceError } from '../runtime/errors.ts';
import { silentLog } from '../runtime/log.ts';
import type { Settings } from '../runtime/settings.ts';
import { listenForStop } from '../runtime/signals.ts';
import { requireCloudSettings } from './cloud-settings.ts';
import type { Invocation } from './command.ts';
import { pullRows } from './pull-rows.ts';
import { readStored } from './read-stored.ts';

/**
 * A data folder that has the rows of the table in BigQuery, all of them, and nothing else; it goes with `held`. Throws a
 * SluiceError where it cannot have them all: an answer over a part would be taken for the whole's.
 */
export async function pullForMoment(invocation: Invocation, settings: Settings, held: DisposableStack): Promise<string> {
  const { table } = settings;
  const cloud = requireCloudSettings(settings);
  const data = held.adopt(mkdtempSync(join(tmpdir(), 'sluice-rows-')), (made) => rmSync(made, { recursive: true, force: true }));
  const stop = held.adopt(listenForStop(), (open) => open[Symbol.dispose]());
  stop.onRequest(() => {
    rmSync(data, { recursive: true, force: true });
    stop.settle();
  });
  const known = readStored(settings.data, (store) => store?.table(table));
  const pulled = await pullRows(invocation, { cloud, table, known, data, logger: silentLog(), stop: stop.signal });
  const { rows = 0, badFiles = [], conflicts, refused } = pulled?.gathered ?? {};
  const [fault] = [...badFiles, ...(conflicts?.first ?? []), ...(refused?.first ?? [])];
  if (fault !== undefined) throw new SluiceError('rows-lost', `there is no answer over all rows in BigQuery: ${fault}`);
  if (rows === 0) throw new SluiceError('no-rows', `the table ${table} in BigQuery has no rows`);
  return data;
}
