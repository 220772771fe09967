import { escaped } from '../chart/escaped.ts';
import { numberText } from '../chart/number-text.ts';
import { duration } from '../progress.ts';
import type { ReportFacts } from './facts.ts';
import { pairs, section, table, utc } from './html.ts';
import { plotsOf } from './plots.ts';

/** Hosts and kinds of failures that are named; the rest is counted. */
const MOST_HOSTS = 50;
const MOST_FAILURES = 100;

/**
 * The report of a table as one HTML file that needs nothing else: no script, no address, `styles` within. The same
 * database gives the same bytes, but for the line that says when it was written.
 */
export function reportPage(facts: ReportFacts, styles: string): string {
  const { name, experiment } = facts.table;
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escaped(name)} – Sluice</title>`,
    `<style>${styles}</style>`,
    '</head>',
    '<body>',
    '<main>',
    `<header><p class="hush">Experiment ${escaped(experiment)}</p><h1>${escaped(name)}</h1><p>${standing(facts)}</p></header>`,
    section('Answer', answer(facts)),
    ...plotsOf(facts).map(({ title, sentence, svg }) => section(title, `<figure>${svg}<figcaption>${escaped(sentence)}</figcaption></figure>`)),
    section('Timing', timing(facts)),
    section('Failures', failures(facts)),
    section('Provenance', provenance(facts)),
    section(facts.table.specs.length > 1 ? 'Specs' : 'Spec', specs(facts)),
    '</main>',
    `<footer>Written ${utc(facts.writtenAtMs)} by Sluice ${escaped(facts.sluice)}.</footer>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function standing({ points, stored, failed, table: { specs } }: ReportFacts): string {
  if (specs.length === 0) return `${numberText(stored)} rows; no point is planned.`;
  const share = stored + failed >= points ? (failed === 0 ? 'Complete: ' : 'All points settled: ') : 'Not complete: ';
  return `${share}${numberText(stored)} of ${numberText(points)} points stored, ${numberText(failed)} failed.`;
}

function answer({ answer: found }: ReportFacts): string {
  return typeof found === 'string' ? `<p>None: ${escaped(found)}.</p>` : pairs(found);
}

function timing({ origin }: ReportFacts): string {
  const { firstMs, lastMs, coreSeconds, pointSeconds, rows } = origin;
  if (firstMs === null || lastMs === null || pointSeconds === null) return '<p>There are no rows yet.</p>';
  const wall = (lastMs - firstMs) / 1000;
  return pairs([
    ['first point begun', utc(firstMs)],
    ['last row committed', utc(lastMs)],
    ['between them', duration(wall)],
    ['computing, in all', `${numberText(coreSeconds)} s (${duration(coreSeconds)} on one core)`],
    ['computing at once, on average', wall === 0 ? '–' : numberText(coreSeconds / wall)],
    ['seconds a point', `${numberText(coreSeconds / rows)} in the mean, ${numberText(pointSeconds.median)} in the median`],
  ]);
}

function failures({ failures: groups, failed, deadLetters }: ReportFacts): string {
  const lost = deadLetters === 0 ? '' : `<p>${numberText(deadLetters)} entries could not be stored; sluice_dead_letters has them with their reasons.</p>`;
  if (failed === 0) return `<p>No point failed for good.</p>${lost}`;
  const shown = groups.slice(0, MOST_FAILURES).map(({ message, count }) => [message, numberText(count)]);
  const more = groups.length > MOST_FAILURES ? `<p>and ${numberText(groups.length - MOST_FAILURES)} more kinds of failures</p>` : '';
  return table(['message', 'points'], shown) + more + lost;
}

function provenance({ table: info, origin }: ReportFacts): string {
  const { definition } = info;
  const place = definition.kind === 'module' ? definition.path : definition.kind === 'program' ? definition.command.join(' ') : 'built in';
  const hidden = origin.hosts.length - MOST_HOSTS;
  return [
    pairs([
      ['experiment', info.experiment],
      ['version, as last planned', info.version],
      ['found at', place],
      ['table made', utc(info.createdAtMs)],
      ['columns', info.columns.length === 0 ? 'none yet' : numberText(info.columns.length)],
      ['consumers', numberText(origin.consumers)],
      ['rows of a later attempt', numberText(origin.retried)],
    ]),
    table(['version', 'rows'], origin.versions.map(({ name, rows }) => [name, numberText(rows)])),
    table(['host', 'rows'], origin.hosts.slice(0, MOST_HOSTS).map(({ name, rows }) => [name, numberText(rows)])),
    ...(hidden > 0 ? [`<p>and ${numberText(hidden)} more hosts</p>`] : []),
  ].join('\n');
}

function specs({ table: { specs: texts } }: ReportFacts): string {
  if (texts.length === 0) return '<p>None: the plan was cancelled, or the rows were computed elsewhere.</p>';
  return texts.map((text) => `<pre>${escaped(text)}</pre>`).join('\n');
}
