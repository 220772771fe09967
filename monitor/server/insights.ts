import type { Snapshot, SvdBlockPlots } from '../snapshot.ts';
import type { StoredLook } from './stored-look.ts';
import type { StoredThread } from './stored-thread.ts';

/** The experiment whose rows are plotted. */
const PLOTTED = 'svd-block';

/** Share of the time that the plots of a table may be computed: a run on the same cores is not to be slowed by who watches. */
const DUTY = 0.2;

/** Least time between two answers to the same question. */
const LEAST_MS = 500;

/** Most rows that are reduced for the page: an experiment's reduce may hold them all. */
const MOST_REDUCED = 100_000;

/** What a thread has found out of a table, as far as it is known: whoever asks gets that at once, and more the next time. */
export interface Insights {
  /** Points of the plan; the most that there can be while they are counted. */
  points(data: string, table: string | null, stored: StoredLook): number;
  of(data: string, table: string | null, stored: StoredLook, isComplete: boolean): { readonly plots: SvdBlockPlots | null; readonly answer: Snapshot['answer'] };
}

/** Insights by `thread`. */
export function openInsights(thread: StoredThread): Insights {
  const points = openFinding<number>();
  const plots = openFinding<SvdBlockPlots | null>();
  const answer = openFinding<{ readonly key: string; readonly of: Snapshot['answer'] }>();
  let slice = 0;
  return {
    points: (data, table, { status, isUpperBound, createdAtMs }) => {
      if (table === null || !isUpperBound) return status.points;
      return points.of(`${createdAtMs} ${status.points}`, async () => await thread.ask('points', data, table)) ?? status.points;
    },
    of: (data, table, { status, createdAtMs }, isComplete) => {
      const { experiment, stored } = status;
      if (table === null || stored === 0) return { plots: null, answer: null };
      const isPlotted = experiment === PLOTTED;
      const found = isPlotted ? plots.of(`${createdAtMs} ${stored} ${slice}`, async () => {
        const soFar = await thread.ask('plots', data, table);
        if (soFar?.isBehind === true) slice += 1;
        return soFar?.plots ?? null;
      }) : null;
      const isReduced = isComplete && stored <= MOST_REDUCED;
      const key = `${createdAtMs} ${stored}`;
      const reduced = isReduced ? answer.of(key, async () => ({ key, of: await thread.ask('answer', data, table) })) : undefined;
      // The answer of fewer rows is none of these.
      return { plots: found ?? null, answer: reduced?.key === key ? reduced.of : null };
    },
  };
}

/** The latest answer to a question that changes with its `key`. */
function openFinding<T>() {
  let known: T | undefined;
  let knownOf: string | undefined;
  let asking = false;
  let notBeforeMs = 0;
  return {
    of: (key: string, find: () => Promise<T>): T | undefined => {
      const startedAtMs = performance.now();
      if (key === knownOf || asking || startedAtMs < notBeforeMs) return known;
      asking = true;
      const settle = (): void => {
        asking = false;
        notBeforeMs = performance.now() + Math.max(LEAST_MS, (performance.now() - startedAtMs) * (1 / DUTY - 1));
      };
      // What cannot be found out is not asked again and again: a reduce may refuse its rows.
      void find().catch(() => undefined).then((found) => ([known, knownOf] = [found, key])).finally(settle);
      return known;
    },
  };
}
