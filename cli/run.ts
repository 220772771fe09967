import { dirname, resolve } from 'node:path';
import { answerLines, reduceTable, type Answer } from '../reduce/reduce.ts';
import { progressBar, progressLine, significant, tenth, type Standing } from '../monitor/progress.ts';
import { takeCensus, type Census } from '../producer/census.ts';
import { excerpt } from '../experiment/excerpt.ts';
import { EXIT, SluiceError } from '../runtime/errors.ts';
import { refuseOtherExperiment } from '../runtime/registration.ts';
import { listenForStop } from '../runtime/signals.ts';
import { databasePath } from '../store/open.ts';
import { openStore, openStoreIfPresent, type Store } from '../store/store.ts';
import { cloudSettingsOf } from './cloud-settings.ts';
import { logOf, type Invocation } from './command.ts';
import type { Outcome } from './compute-here.ts';
import type { Output } from './output.ts';
import { planInvocation, type Planned } from './planned.ts';
import { openGround } from './run-ground.ts';
import { startBesideDashboard } from './with-dashboard.ts';

/** Interval at which a terminal's bar is drawn anew. */
const BAR_MS = 100;

/** What `sluice run --json` prints. */
interface RunReport {
  readonly table: string;
  readonly experiment: string;
  readonly points: number;
  readonly alreadyStored: number;
  readonly computed: number;
  readonly failed: number;
  /** From the command's start to the last row's commit; to its end where nothing was computed. */
  readonly seconds: number;
  readonly secondsPerPoint: number | null;
  readonly pointSeconds: { readonly median: number; readonly p95: number } | null;
  readonly secondsToFirstRow: number | null;
  readonly threads: number;
  readonly database: string;
  readonly reduce: Answer | null;
}

/** `sluice run`: everything on this machine, from the spec to the answer. */
export async function run(invocation: Invocation): Promise<number> {
  const { output } = invocation;
  const planned = await planInvocation(invocation);
  const { settings } = planned;
  const cloud = cloudSettingsOf(settings);
  const before = censusBefore(planned);
  using stop = listenForStop();
  const log = await logOf(invocation, 'run', settings);
  const page = startBesideDashboard(invocation, settings, settings.table);
  await using held = new AsyncDisposableStack();
  held.defer(async () => await page?.stop());
  let outcome: Outcome = { census: before, firstRowMs: undefined, lastRowMs: undefined };
  if (before.missing > 0) {
    await using ground = openGround(settings, planned.definition, log);
    output.line(openingLine(planned, before));
    using progress = openProgress(output, before.missing);
    // Loaded only now: the client of the queue takes as long to load as the threads and Redis take to start.
    const { computeHere } = await import('./compute-here.ts');
    outcome = await computeHere(planned, { ground, stop: stop.signal, log, onProgress: progress.update });
  }
  const { report, fault } = await reportOf(planned, before, outcome, stop.signal.aborted);
  output.result(report, closingLines(report, outcome.census, stop.signal.aborted));
  if (report.failed > 0) output.warning(failureLine(planned, report));
  if (fault !== undefined) output.warning(fault);
  if (cloud !== undefined && !stop.signal.aborted) await (await import('./upload-at-end.ts')).uploadAtEnd(planned, cloud, output, stop.signal);
  await held.disposeAsync();
  stop.settle();
  return outcome.census.missing + report.failed > 0 || fault !== undefined ? EXIT.failed : EXIT.done;
}

function censusBefore({ settings, definition, plan }: Planned): Census {
  using held = new DisposableStack();
  const store = openStoreIfPresent(settings.data);
  held.defer(() => store?.close());
  const stored = store?.table(settings.table);
  if (stored !== undefined) refuseOtherExperiment(settings.table, stored.experiment, definition.name);
  return takeCensus(plan, definition.name, settings.table, store);
}

/** The report, and why the rows could not be reduced, if they could not: what was computed is told of nevertheless. */
async function reportOf(
  planned: Planned,
  before: Census,
  outcome: Outcome,
  interrupted: boolean,
): Promise<{ report: RunReport; fault: string | undefined }> {
  const { settings, definition } = planned;
  using held = new DisposableStack();
  const store = held.adopt(openStore(settings.data), (open) => open.close());
  const endMs = outcome.lastRowMs ?? performance.now();
  const computed = outcome.census.stored - before.stored;
  const hasRows = !interrupted && outcome.census.stored > 0;
  const seconds = endMs / 1000;
  const reduced = hasRows ? await tryReduce(store, settings.table) : { answer: null, fault: undefined };
  const report = {
    table: settings.table,
    experiment: definition.name,
    points: outcome.census.points,
    alreadyStored: before.stored,
    computed,
    failed: outcome.census.failed,
    seconds,
    secondsPerPoint: computed > 0 ? seconds / computed : null,
    pointSeconds: computed > 0 ? store.pointSeconds(settings.table, performance.timeOrigin) : null,
    secondsToFirstRow: outcome.firstRowMs === undefined ? null : outcome.firstRowMs / 1000,
    threads: settings.threads,
    database: databasePath(settings.data),
    reduce: reduced.answer,
  };
  return { report, fault: reduced.fault };
}

async function tryReduce(store: Store, table: string): Promise<{ answer: Answer | null; fault: string | undefined }> {
  try {
    return { answer: (await reduceTable(store, table)) ?? null, fault: undefined };
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error;
    return { answer: null, fault: error.message.replaceAll(/\s*\n\s*/g, ' ') };
  }
}

/** Shows how far the run is: a bar on a terminal, a line every tenth elsewhere. */
function openProgress(output: Output, points: number) {
  const startedAtMs = performance.now();
  let standing: Standing = { points, done: 0, failed: 0, seconds: 0 };
  let printedTenth = 0;
  const now = (): Standing => ({ ...standing, seconds: (performance.now() - startedAtMs) / 1000 });
  const draw = output.transient === undefined ? undefined : setInterval(() => output.transient?.(progressBar(now())), BAR_MS);
  return {
    update: (done: number, failed: number): void => {
      standing = { points, done: Math.min(done, points), failed, seconds: 0 };
      if (output.transient !== undefined || tenth(standing) === printedTenth) return;
      printedTenth = tenth(standing);
      output.line(progressLine(now()));
    },
    [Symbol.dispose]: (): void => {
      clearInterval(draw);
      output.transient?.('');
    },
  };
}

function openingLine({ settings, definition }: Planned, before: Census): string {
  const known = before.stored > 0 ? `, ${before.stored} stored before` : '';
  return `${definition.name}: ${before.points} points into table ${settings.table}${known}; ${settings.threads} at once`;
}

function closingLines(report: RunReport, census: Census, interrupted: boolean): string[] {
  return [...summary(report, census, interrupted), ...answer(report), `database  ${report.database}`, ...advice(report, interrupted)];
}

function summary(report: RunReport, census: Census, interrupted: boolean): string[] {
  const { points, computed, seconds, secondsToFirstRow, secondsPerPoint } = report;
  const pace = secondsPerPoint === null ? '' : ` in ${seconds.toFixed(2)} s (${significant(secondsPerPoint)} s a point, first row after ${secondsToFirstRow?.toFixed(2)} s)`;
  if (interrupted) return [`interrupted: ${census.stored} of ${points} points are stored, ${computed} of them computed now; the same command goes on`];
  if (computed === 0 && census.missing + report.failed === 0) return [`all ${points} points are stored already; nothing to compute`];
  return [
    `${census.stored} of ${points} points stored: ${computed} computed${pace}${report.alreadyStored > 0 ? `, ${report.alreadyStored} before` : ''}`,
  ];
}

/** How many points failed, why the first of them did, and what lets them run again. */
function failureLine({ settings }: Planned, { table, points, failed }: RunReport): string {
  using held = new DisposableStack();
  const store = held.adopt(openStore(settings.data), (open) => open.close());
  const [first] = store.failures(table);
  const reason = first === undefined ? '' : ` (${excerpt(first.point)}: ${first.message.replaceAll(/\s*\n\s*/g, ' ')})`;
  return `${failed} of ${points} points failed${reason}; \`npx sluice retry ${table}\` and the same command again compute them anew`;
}

function answer(report: RunReport): string[] {
  if (report.reduce === null) return [];
  const { table, ...values } = report.reduce;
  return [`reduce ${table}`, ...answerLines(values)];
}

function advice(report: RunReport, interrupted: boolean): string[] {
  if (interrupted) return [];
  const data = dirname(report.database);
  const where = data === resolve('data') ? '' : ` --data ${data}`;
  return [
    'next',
    `  npx sluice export ${report.table} --to ${report.table}.csv${where}    the rows as a file`,
    ...(report.reduce === null ? [] : [`  npx sluice reduce ${report.table}${where}    this answer again`]),
    '  npx sluice run examples/random-walk/spec.json    an experiment of your own begins like this one',
  ];
}
