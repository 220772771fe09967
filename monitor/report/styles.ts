import { readFileSync } from 'node:fs';

/** The styles of charts and of reports, as they stand in the checkout. */
export function readStyles(): { readonly charts: string; readonly report: string } {
  const read = (file: string): string => readFileSync(new URL(file, import.meta.url), 'utf8');
  return { charts: read('../chart/chart.css'), report: read('report.css') };
}
