import type { ChartSize } from '../chart/rate-chart.ts';
import { useWidth } from './use-width.ts';

/** Height of a chart, and what it becomes on a phone. */
const HEIGHT = { wide: 280, narrow: 230, below: 420 };

/** Numbers of a chart for who would rather read them. */
export interface Numbers {
  readonly columns: readonly string[];
  readonly lines: readonly (readonly string[])[];
}

interface Props {
  readonly id: string;
  readonly title: string;
  /** What the chart shows in one sentence, below it. */
  readonly sentence: string;
  readonly numbers?: Numbers;
  /** The chart as SVG text: our own, in which all that others wrote is escaped. */
  readonly draw: (size: ChartSize) => string;
}

/** A chart as wide as its panel, with its sentence and its numbers. */
export function ChartPanel({ id, title, sentence, numbers, draw }: Props) {
  const { ref, width } = useWidth();
  const height = width < HEIGHT.below ? HEIGHT.narrow : HEIGHT.wide;
  return (
    <section class="panel" aria-labelledby={`${id}-heading`}>
      <h2 id={`${id}-heading`}>{title}</h2>
      <div ref={ref} class="drawing" data-chart={id} dangerouslySetInnerHTML={{ __html: width === 0 ? '' : draw({ id, width, height }) }} />
      <p class="sentence">{sentence}</p>
      {numbers !== undefined && numbers.lines.length > 0 && (
        <details>
          <summary>The numbers</summary>
          <table class="numbers">
            <thead><tr>{numbers.columns.map((column) => <th key={column} scope="col">{column}</th>)}</tr></thead>
            <tbody>{numbers.lines.map((line) => <tr key={line[0]}>{line.map((cell, index) => <td key={numbers.columns[index]}>{cell}</td>)}</tr>)}</tbody>
          </table>
        </details>
      )}
    </section>
  );
}
