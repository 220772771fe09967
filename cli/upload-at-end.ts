import { messageOf } from '../runtime/errors.ts';
import { silentLog } from '../runtime/log.ts';
import type { CloudSettings } from '../sink/upload/cloud-settings.ts';
import { openStore } from '../store/store.ts';
import type { Output } from './output.ts';
import type { Planned } from './planned.ts';
import { uploadTable } from './upload-table.ts';

/** Time that a run waits for BigQuery once its rows are stored: the rest is a command of its own. */
const UPLOAD_MS = 120_000;

/** Brings what a run has stored to BigQuery, and tells of it; never throws: the run itself is done. */
export async function uploadAtEnd({ settings }: Planned, cloud: CloudSettings, output: Output, stop: AbortSignal): Promise<void> {
  const { data, table } = settings;
  const signal = AbortSignal.any([stop, AbortSignal.timeout(UPLOAD_MS)]);
  const rest = `\`npx sluice upload ${table}\` brings the rest`;
  try {
    using held = new DisposableStack();
    const store = held.adopt(openStore(data), (open) => open.close());
    const { stored, behind } = await uploadTable({ data, store, table, settings: cloud, onTrouble: (line) => output.warning(line), signal, log: silentLog() });
    if (behind === 0) output.line(`BigQuery has all ${stored} rows of ${table}`);
    else output.warning(`BigQuery lacks ${behind} rows of ${table}; ${rest}`);
  } catch (error) {
    output.warning(`BigQuery has not all rows of ${table}: ${messageOf(error)}; ${rest}`);
  }
}
