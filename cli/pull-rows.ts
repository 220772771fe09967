import type { Gathered } from '../gather/gather.ts';
import type { Notes } from '../gather/gather-source.ts';
import { SluiceError } from '../runtime/errors.ts';
import type { Log } from '../runtime/log.ts';
import { orStopped } from '../runtime/wait.ts';
import type { CloudSettings } from '../sink/upload/cloud-settings.ts';
import type { CloudTable, Warehouse } from '../sink/upload/warehouse.ts';
import { BEGUN } from '../store/outbox-writer.ts';
import type { TableInfo } from '../store/tables.ts';
import { asking } from './asking.ts';
import { cloudSource } from './cloud-source.ts';
import type { Invocation } from './command.ts';
import { gatherRows } from './gather-rows.ts';
import { gatherSubject } from './gather-subject.ts';

/** Which rows are pulled, and where they go. */
export interface PullOrder {
  readonly cloud: CloudSettings;
  readonly table: string;
  /** What the database at home knows of the table. */
  readonly known: TableInfo | undefined;
  /** The data folder that takes the rows. */
  readonly data: string;
  /** Which table over there it was uploaded to before, null where to none; undefined where nothing is to be remembered. */
  readonly log?: string | null | undefined;
  readonly logger: Log;
  readonly stop: AbortSignal;
}

/** What was pulled. */
export interface Pulled {
  readonly gathered: Gathered;
  readonly experiment: string;
  /** The table in BigQuery. */
  readonly target: string;
}

/**
 * Gathers the rows of a table in BigQuery; undefined where it was to stop before that. Each comes with the note that it is
 * there, so that it is never sent back. Throws a SluiceError where the table is not there, and as gatherSubject does.
 */
export async function pullRows(invocation: Invocation, order: PullOrder): Promise<Pulled | undefined> {
  const { table, known, stop } = order;
  const warn = (line: string): void => invocation.output.warning(line);
  return await asking(order.cloud, warn, async (warehouse) => {
    const cloud = await orStopped(warehouse.findTable(table), stop);
    if (stop.aborted) return undefined;
    if (cloud === undefined) throw new SluiceError('no-cloud-table', `there is no table ${table} in ${warehouse.target.name}`);
    const subject = await gatherSubject(invocation, table, known);
    const source = cloudSource({ warehouse, table, cloud, parameters: subject.parameters, stop });
    const notes = order.log === undefined ? undefined : notesFor(warehouse, table, cloud, order.log);
    const gathered = await gatherRows({ data: order.data, table, sources: [source], subject, notes, log: order.logger, stop });
    return { gathered, experiment: subject.definition.name, target: source.name };
  });
}

function notesFor({ target }: Warehouse, table: string, { log }: CloudTable, before: string | null): Notes {
  const place = { kind: 'upload' as const, table, target: target.name };
  return {
    // Until all is noted that the table has, nothing is sent to it; one that is fed from here already stays as it is.
    first: { ...place, ...(before === log ? {} : { log: BEGUN + log }), atMs: Date.now() },
    of: (key) => ({ ...place, known: [key], atMs: Date.now() }),
    last: { ...place, log, atMs: Date.now() },
  };
}
