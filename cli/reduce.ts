import { answerLines, reduceTable } from '../reduce/reduce.ts';
import { SluiceError, mistake } from '../runtime/errors.ts';
import { openStore } from '../store/store.ts';
import type { Settings } from '../runtime/settings.ts';
import { settingsWithTable, type Invocation } from './command.ts';

/** `sluice reduce`: the answer that a table's rows give together. */
export async function reduce(invocation: Invocation): Promise<void> {
  const settings = settingsWithTable(invocation);
  const { table } = settings;
  using held = new DisposableStack();
  const data = await folderOf(invocation, settings, held);
  const store = held.adopt(openStore(data), (open) => open.close());
  const answer = await reduceTable(store, table);
  if (answer === undefined) {
    throw new SluiceError('no-reduce', `the experiment of table ${table} has no reduce; \`npx sluice export ${table} --to ${table}.csv\` writes its rows`);
  }
  const { table: _, ...values } = answer;
  invocation.output.result(answer, [`table ${table}`, ...answerLines(values)]);
}

/** The data folder whose database has the rows: with --from bigquery one for the moment, which goes with `held`. */
async function folderOf(invocation: Invocation, settings: Settings, held: DisposableStack): Promise<string> {
  const { from } = invocation.options;
  if (from === undefined) return settings.data;
  if (from !== 'bigquery') throw mistake('bad-option', '--from takes bigquery; leave it out for the rows in the database');
  const { pullForMoment } = await import('./pull-for-moment.ts');
  return await pullForMoment(invocation, settings, held);
}
