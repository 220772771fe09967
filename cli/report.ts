import { extname } from 'node:path';
import { exportFile, isSpecial } from '../store/export-file.ts';
import { SVD_BLOCK_NAME } from '../experiment/svd-block/definition.ts';
import { openPlannedPoints } from '../monitor/planned-points.ts';
import { originOf } from '../monitor/report/origin.ts';
import { plotsOf, standAlone } from '../monitor/report/plots.ts';
import { reportPage } from '../monitor/report/report.ts';
import type { ReportFacts } from '../monitor/report/facts.ts';
import { readStyles } from '../monitor/report/styles.ts';
import { svdBlockPlots } from '../monitor/report/svd-block-plots.ts';
import { answerPairs, reduceTable, tableOf } from '../reduce/reduce.ts';
import { SluiceError, mistake } from '../runtime/errors.ts';
import { openStore, type Store } from '../store/store.ts';
import { settingsWithTable, type Invocation } from './command.ts';
import { VERSION } from './program.ts';

/** `sluice report`: what is known of a table as one HTML file, and its plots as SVG files where asked. */
export async function report(invocation: Invocation): Promise<void> {
  const { data, table } = settingsWithTable(invocation);
  const to = target(invocation, table);
  using held = new DisposableStack();
  const store = held.adopt(openStore(data), (open) => open.close());
  const facts = await factsOf(store, table);
  const styles = readStyles();
  const files = [to];
  if (invocation.options['svg'] === true) {
    for (const plot of plotsOf(facts)) {
      const file = `${to.slice(0, -extname(to).length)}-${plot.name}.svg`;
      await exportFile(file, [standAlone(plot, styles.charts)]);
      files.push(file);
    }
  }
  await exportFile(to, [reportPage(facts, styles.charts + styles.report)]);
  const { stored, failed, points } = facts;
  invocation.output.result({ table, points, stored, failed, files }, [`report on ${table}: ${files.join(', ')}`]);
}

function target(invocation: Invocation, table: string): string {
  const { to, svg } = invocation.options;
  if (typeof to !== 'string') return `${table}.html`;
  const isPage = ['.html', '.htm'].includes(extname(to).toLowerCase());
  if (isPage || (svg !== true && isSpecial(to))) return to;
  throw mistake('bad-option', `--to ${to}: a report is a page; expected a name that ends in .html`);
}

async function factsOf(store: Store, name: string): Promise<ReportFacts> {
  const table = tableOf(store, name);
  const { failed } = store.counts(name);
  const origin = originOf(store.provenance(name));
  return {
    sluice: VERSION,
    writtenAtMs: Date.now(),
    table,
    points: openPlannedPoints()(store, name),
    // As many as were looked at: more may come meanwhile.
    stored: origin.rows,
    failed,
    deadLetters: store.deadLetterCount(name),
    origin,
    failures: store.failureGroups(name),
    plots: table.experiment === SVD_BLOCK_NAME ? await svdBlockPlots(store.rows(name)) : null,
    answer: await answerOf(store, name),
  };
}

/** The answer, or why there is none: a report is of use without, too. */
async function answerOf(store: Store, table: string): Promise<ReportFacts['answer']> {
  try {
    const answer = await reduceTable(store, table);
    if (answer === undefined) return 'the experiment has no reduce';
    const { table: _, ...values } = answer;
    return answerPairs(values);
  } catch (error) {
    if (error instanceof SluiceError) return error.message;
    throw error;
  }
}
