import { EXIT, SluiceError } from '../runtime/errors.ts';
import { openBigQuery } from '../sink/upload/bigquery.ts';
import type { CloudSettings } from '../sink/upload/cloud-settings.ts';
import { faultOf } from '../sink/upload/fault.ts';
import { PACE } from '../sink/upload/pace.ts';
import { ruleFor, tell } from '../sink/upload/rules.ts';
import { parseTarget } from '../sink/upload/target.ts';
import type { Warehouse } from '../sink/upload/warehouse.ts';
import type { Entry } from '../wire/entry.ts';
import { bringIn } from './bring-in.ts';
import { requireCloudSettings } from './cloud-settings.ts';
import { settingsWithTable, type Invocation } from './command.ts';
import { notStored } from './not-stored.ts';
import { pullTable, type PullRequest, type Pulled } from './pull-table.ts';
import { readStored } from './read-stored.ts';

/** `sluice pull`: a table's rows in BigQuery into the database, so that a new machine continues it; fails where that does not take some. */
export async function pull(invocation: Invocation): Promise<number> {
  const settings = settingsWithTable(invocation);
  const cloud = requireCloudSettings(settings);
  const { data, table } = settings;
  const target = parseTarget(cloud.bigquery).name;
  const warn = (line: string): void => invocation.output.warning(line);
  const { info, log, before } = readStored(data, (store) => ({
    info: store?.table(table),
    log: store?.outbox(table)?.standing(target).log ?? null,
    before: store?.counts(table).stored ?? 0,
  }));
  let lost = 0;
  const bring = async (entries: readonly Entry[]): Promise<void> => {
    await bringIn(data, entries);
    lost += notStored(data, table, entries);
  };
  const pulled = await pullFrom(cloud, warn, { table, info, log, ...pullOptions(invocation), bringIn: bring });
  const stored = readStored(data, (store) => store?.counts(table).stored ?? 0);
  const document = { table, target: `${target}.${table}`, rows: pulled.rows, added: stored - before, refused: pulled.refused, lost, stored };
  invocation.output.result(document, [
    `${target}.${table}: ${pulled.rows} rows, of which ${document.added} are new here; ${stored} rows of ${table} are stored`,
    ...(pulled.refused > 0 ? [`${pulled.refused} rows were left out: the experiment does not take their points`] : []),
  ]);
  if (lost === 0) return EXIT.done;
  warn(`${lost} rows are not stored, for the database does not take them; \`npx sluice status ${table}\` says why`);
  return EXIT.failed;
}

/** What an invocation says of a table that is not known here. */
export function pullOptions({ options }: Invocation): Pick<PullRequest, 'experiment' | 'parameters'> {
  const { experiment, parameters } = options;
  return {
    experiment: typeof experiment === 'string' ? experiment : undefined,
    parameters: typeof parameters === 'string' ? parameters.split(',').map((name) => name.trim()) : undefined,
  };
}

/** Pulls as pullTable does, from the BigQuery that the settings name. */
export async function pullFrom(settings: CloudSettings, warn: (line: string) => void, request: Omit<PullRequest, 'warehouse'>): Promise<Pulled> {
  return await asking(settings, warn, async (warehouse) => await pullTable({ ...request, warehouse }));
}

/** What `ask` gets from BigQuery; its faults become one line, code `bigquery`. */
export async function asking<T>(settings: CloudSettings, warn: (line: string) => void, ask: (warehouse: Warehouse) => Promise<T>): Promise<T> {
  try {
    return await ask(await openBigQuery(settings, PACE, warn));
  } catch (error) {
    if (error instanceof SluiceError) throw error;
    const fault = faultOf(error);
    throw new SluiceError('bigquery', tell(fault, ruleFor(fault)));
  }
}
