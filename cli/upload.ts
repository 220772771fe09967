import { tableOf } from '../reduce/reduce.ts';
import { EXIT, SluiceError, messageOf } from '../runtime/errors.ts';
import { checksumOf, checksumQuery, type Checksum } from '../sink/upload/checksum.ts';
import type { CloudSettings } from '../sink/upload/cloud-settings.ts';
import { parseTarget } from '../sink/upload/target.ts';
import type { UploadStanding } from '../store/outbox.ts';
import { openStore, type Store } from '../store/store.ts';
import { requireCloudSettings } from './cloud-settings.ts';
import { logOf, settingsWithTable, type Invocation } from './command.ts';
import { bringIn } from './bring-in.ts';
import { asking } from './asking.ts';
import { standingOf, uploadTable } from './upload-table.ts';

/**
 * `sluice upload`: brings a table to BigQuery, says when it is complete, and with --verify compares the two; with --again
 * BigQuery is asked which points it has, and gets what it lacks.
 */
export async function upload(invocation: Invocation): Promise<number> {
  const { output } = invocation;
  const settings = settingsWithTable(invocation);
  const cloud = requireCloudSettings(settings);
  const { data, table } = settings;
  const log = await logOf(invocation, 'upload', { ...settings, logLevel: invocation.options['logLevel'] === undefined ? 'error' : settings.logLevel });
  using held = new DisposableStack();
  const first = openStore(data);
  // A database of before there were uploads becomes a newer one by its writer.
  if (tableOf(first, table) !== undefined && first.outbox(table) === undefined) await bringIn(data, []);
  first.close();
  const store = held.adopt(openStore(data), (open) => open.close());
  const warn = (line: string): void => output.warning(line);
  const again = async (): Promise<void> => await bringIn(data, [{ kind: 'upload', table, target: parseTarget(cloud.bigquery).name, again: true, atMs: Date.now() }]);
  const send = async (): Promise<UploadStanding> => await uploadTable({ data, store, table, settings: cloud, onTrouble: warn, log });
  if (invocation.options['again'] === true && standingOf(store, table, cloud).log !== null) await again();
  let standing = await send();
  let there = await rowsThere(table, cloud, standing, warn);
  if (there === undefined) {
    warn(`the table that rows were sent to is not there any more; ${standing.stored} rows are sent again`);
    await again();
    standing = await send();
    there = await rowsThere(table, cloud, standing, warn);
  }
  const target = `${parseTarget(cloud.bigquery).name}.${table}`;
  const verified = invocation.options['verify'] === true ? await verify(store, table, cloud, lastThere(standing), warn) : undefined;
  const removed = Math.max(0, standing.stored - standing.behind - (there ?? 0));
  const document = { table, target, stored: standing.stored, behind: standing.behind, removed, complete: standing.behind + removed === 0, ...(verified !== undefined && { verified: verified.same, there: verified.there }) };
  output.result(document, [
    removed === 0 ? standingLine(target, standing) : `${target} has ${there} rows, and ${standing.stored - standing.behind} were sent: ${sendAgain('rows were removed there', table)}`,
    ...(verified === undefined ? [] : [verified.line]),
  ]);
  return removed === 0 && verified?.same !== false ? EXIT.done : EXIT.failed;
}

/** How many rows the table over there has; undefined where it is not the one any more that ours were sent to. */
async function rowsThere(table: string, cloud: CloudSettings, { log, stored, behind }: UploadStanding, warn: (line: string) => void): Promise<number | undefined> {
  if (log === null) return 0;
  try {
    const found = await asking(cloud, warn, async (warehouse) => await warehouse.findTable(table));
    return found?.log === log ? found.rows : undefined;
  } catch (error) {
    // Its loads were answered: that it cannot be looked at just now takes nothing away.
    warn(`whether rows were removed there is not known: ${messageOf(error)}`);
    return stored - behind;
  }
}

function sendAgain(why: string, table: string): string {
  return `${why}; \`npx sluice upload ${table} --again\` sends those that are missing`;
}

function standingLine(target: string, { stored, behind }: UploadStanding): string {
  if (behind === 0) return `${target} is complete: all ${stored} rows are there`;
  return `${target} has ${stored - behind} of ${stored} rows; ${behind} came meanwhile, and the same command brings them`;
}

/** The last row up to which all are over there. */
function lastThere({ stored, behind, through }: UploadStanding): number {
  return behind === 0 ? stored : through;
}

/** Whether the two tables have the same rows, up to our row `last`, by count and by checksum. */
async function verify(store: Store, table: string, cloud: CloudSettings, last: number, warn: (line: string) => void): Promise<{ same: boolean; there: number; line: string }> {
  return await asking(cloud, warn, async (warehouse) => {
    const fields = (await warehouse.findTable(table))?.fields ?? [];
    const there = await askChecksum(warehouse.query(checksumQuery(warehouse.target, table, fields)));
    const here = checksumOf(store.outbox(table)!.rows('', 1, last), fields);
    const same = here.rows === there.rows && here.sum1 === there.sum1 && here.sum2 === there.sum2;
    return { same, there: there.rows, line: same ? `verified: the same ${here.rows} rows, by checksum` : differenceLine(here, there, table, store.lastRowId(table) > last) };
  });
}

async function askChecksum(pages: AsyncIterable<readonly Readonly<Record<string, unknown>>[]>): Promise<Checksum> {
  for await (const [row] of pages) {
    if (row !== undefined) return { rows: Number(row['row_count']), sum1: BigInt(String(row['sum_1'])), sum2: BigInt(String(row['sum_2'])) };
  }
  throw new SluiceError('no-answer', 'BigQuery gave no answer to the query');
}

function differenceLine(here: Checksum, there: Checksum, table: string, grown: boolean): string {
  if (grown) return `NOT VERIFIED: ${there.rows} rows there and ${here.rows} here, where more came meanwhile; ask again when none come`;
  if (there.rows > here.rows) return `DIFFERENT: ${there.rows} rows there and ${here.rows} here; \`npx sluice pull ${table}\` brings those that are missing here`;
  if (there.rows < here.rows) return `DIFFERENT: ${there.rows} rows there and ${here.rows} here: ${sendAgain('rows were removed there', table)}`;
  return `DIFFERENT: ${here.rows} rows on both sides, and not the same values or, ${sendAgain('where rows were removed there, not the same points', table)}`;
}
