import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SluiceError } from '../runtime/errors.ts';
import type { Settings } from '../runtime/settings.ts';
import { listenForStop } from '../runtime/signals.ts';
import { openWriter } from '../store/writer.ts';
import { encodeEntry } from '../wire/entry.ts';
import { requireCloudSettings } from './cloud-settings.ts';
import type { Invocation } from './command.ts';
import { notStored } from './not-stored.ts';
import { pullFrom, pullOptions } from './pull.ts';
import { readStored } from './read-stored.ts';

/** A data folder that has the rows of the table in BigQuery, and nothing else; it goes with `held`. */
export async function pullForMoment(invocation: Invocation, settings: Settings, held: DisposableStack): Promise<string> {
  const { table } = settings;
  const cloud = requireCloudSettings(settings);
  const folder = held.adopt(mkdtempSync(join(tmpdir(), 'sluice-rows-')), (made) => rmSync(made, { recursive: true, force: true }));
  const stop = held.adopt(listenForStop(), (open) => open[Symbol.dispose]());
  stop.onRequest(() => {
    rmSync(folder, { recursive: true, force: true });
    stop.settle();
  });
  const known = readStored(settings.data, (store) => store?.table(table));
  const writer = openWriter(folder);
  const apply = (entries: readonly Parameters<typeof encodeEntry>[0][]): void => {
    writer.apply(entries.map((entry, index) => ({ id: `pull#${index}`, bytes: encodeEntry(entry) })));
    const lost = notStored(folder, table, entries);
    if (lost > 0) throw new SluiceError('rows-lost', `the database does not take ${lost} or more of the rows in BigQuery; \`npx sluice pull ${table}\` and \`status\` say which and why`);
  };
  try {
    if (known !== undefined) apply([{ kind: 'plan', table, definition: known.definition, spec: known.specs[0] }]);
    await pullFrom(cloud, (line) => invocation.output.warning(line), { table, info: known, log: null, ...pullOptions(invocation), bringIn: async (entries) => apply(entries) });
  } finally {
    writer.close();
  }
  return folder;
}
