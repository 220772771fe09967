import type { FailureGroup } from '../../store/failures.ts';
import type { TableInfo } from '../../store/tables.ts';
import type { SvdBlockPlots } from '../snapshot.ts';
import type { Origin } from './origin.ts';

/** All that a report tells of a table. */
export interface ReportFacts {
  /** The version of Sluice. */
  readonly sluice: string;
  /** The one thing in a report that does not follow from the database. */
  readonly writtenAtMs: number;
  readonly table: TableInfo;
  /** Points that the table's specs ask for. */
  readonly points: number;
  readonly stored: number;
  readonly failed: number;
  readonly deadLetters: number;
  readonly origin: Origin;
  /** Most points first. */
  readonly failures: readonly FailureGroup[];
  readonly plots: SvdBlockPlots | null;
  /** Names and values as `sluice reduce` prints them, or why there is no answer. */
  readonly answer: readonly (readonly [name: string, value: string])[] | string;
}
