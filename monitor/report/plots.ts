import { alignmentChart, alignmentSentence, errorChart, errorSentence } from '../chart/svd-block-charts.ts';
import type { ReportFacts } from './facts.ts';
import { rowsChart, rowsSentence, secondsChart, secondsSentence } from './timing-charts.ts';

/** A plot of a report, which can also stand in a file of its own. */
export interface Plot {
  /** Part of the file's name: `error`. */
  readonly name: string;
  readonly title: string;
  readonly sentence: string;
  readonly svg: string;
}

/** Size of a plot; one column of a page of a paper is about as wide at 96 dots an inch. */
const SIZE = { width: 696, height: 350 };

/** The plots of a report: what the rows show, if anything is known of that, and how they came. */
export function plotsOf({ plots, origin }: Pick<ReportFacts, 'plots' | 'origin'>): Plot[] {
  const size = (id: string) => ({ id, ...SIZE });
  const shown = plots === null ? [] : [
    { name: 'error', title: 'Error of the recombined vector', sentence: `${errorSentence(plots)} Rows are taken as they came.`, svg: errorChart(plots, size('error')) },
    { name: 'alignments', title: 'Alignment of single blocks', sentence: alignmentSentence(plots), svg: alignmentChart(plots, size('alignments')) },
  ];
  return [
    ...shown,
    { name: 'rows', title: 'Rows over time', sentence: rowsSentence(origin), svg: rowsChart(origin, size('rows')) },
    { name: 'seconds', title: 'Seconds a point', sentence: secondsSentence(origin), svg: secondsChart(origin, size('seconds')) },
  ];
}

/** The plot as an SVG file that looks the same by itself; `styles` are those of charts. */
export function standAlone({ svg }: Plot, styles: string): string {
  const opened = svg.indexOf('>') + 1;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${svg.slice(0, opened)}\n<style>${styles}</style>${svg.slice(opened)}\n`;
}
