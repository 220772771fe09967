import { equalBins } from '../chart/histogram.ts';
import { numberText } from '../chart/number-text.ts';
import { rateChart, rateSentence } from '../chart/rate-chart.ts';
import { alignmentChart, alignmentSentence, errorChart, errorSentence } from '../chart/svd-block-charts.ts';
import type { Snapshot, SvdBlockPlots } from '../snapshot.ts';
import { ChartPanel } from './chart-panel.tsx';

/** The charts of a table: what its experiment's rows show, and the rate. */
export function Charts({ snapshot: { rate, plots } }: { readonly snapshot: Snapshot }) {
  return (
    <>
      {plots !== null && <SvdBlockCharts plots={plots} />}
      <ChartPanel id="rate-chart" title="Rate over time" sentence={rateSentence(rate)} draw={(size) => rateChart(rate, size)} />
    </>
  );
}

function SvdBlockCharts({ plots }: { readonly plots: SvdBlockPlots }) {
  const { alignments, error } = plots;
  const bins = equalBins(alignments.from, alignments.to, alignments.counts).filter(({ count }) => count > 0);
  return (
    <>
      <ChartPanel
        id="error-chart"
        title="Error of the recombined vector"
        sentence={errorSentence(plots)}
        numbers={{ columns: ['rows', 'error'], lines: error.map((at) => [numberText(at.rows), numberText(at.error, 4)]) }}
        draw={(size) => errorChart(plots, size)}
      />
      <ChartPanel
        id="alignment-chart"
        title="Alignment of single blocks"
        sentence={alignmentSentence(plots)}
        numbers={{ columns: ['from', 'to', 'rows'], lines: bins.map(({ from, to, count }) => [numberText(from, 4), numberText(to, 4), numberText(count)]) }}
        draw={(size) => alignmentChart(plots, size)}
      />
    </>
  );
}
