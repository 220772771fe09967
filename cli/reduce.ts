import { answerLines, reduceTable } from '../reduce/reduce.ts';
import { SluiceError } from '../runtime/errors.ts';
import { openStore } from '../store/store.ts';
import { settingsWithTable, type Invocation } from './command.ts';

/** `sluice reduce`: the answer that a table's rows give together. */
export async function reduce(invocation: Invocation): Promise<void> {
  const { data, table } = settingsWithTable(invocation);
  using held = new DisposableStack();
  const store = held.adopt(openStore(data), (open) => open.close());
  const answer = await reduceTable(store, table);
  if (answer === undefined) {
    throw new SluiceError('no-reduce', `the experiment of table ${table} has no reduce; \`npx sluice export ${table} --to ${table}.csv\` writes its rows`);
  }
  const { table: _, ...values } = answer;
  invocation.output.result(answer, [`table ${table}`, ...answerLines(values)]);
}
