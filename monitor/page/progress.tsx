import type { ComponentChildren } from 'preact';
import { numberText } from '../chart/number-text.ts';
import { duration } from '../progress.ts';
import type { Snapshot } from '../snapshot.ts';
import { counted, percent, pointTime } from './words.ts';

/** Units of the bar, whatever its width on the screen. */
const BAR = { width: 1000, height: 12 };

/** Width at which a part of the bar can be seen. */
const LEAST = 8;

/** How far the table has come: share, bar, counts, rate and time left. */
export function Progress({ snapshot }: { readonly snapshot: Snapshot }) {
  const { counts, table, experiment, complete, pointsPerSecond, secondsPerPoint, secondsLeft } = snapshot;
  const share = counts.points === 0 ? 0 : Math.min(1, counts.stored / counts.points);
  return (
    <section class="panel hero" aria-labelledby="progress-title">
      <div class="hero-head">
        <h1 id="progress-title">{table}</h1>
        {experiment !== null && <p class="hush">experiment {experiment}</p>}
        <p class="share" data-share>{percent(share)}</p>
      </div>
      <Bar {...counts} />
      <p class="hero-line">
        <strong>{numberText(counts.stored)}</strong> of {counted(counts.points, 'point')} stored{complete ? ', complete' : ''}
        {counts.failed > 0 && <>, <a class="bad" href="#failures">{numberText(counts.failed)} failed</a></>}
      </p>
      <dl class="figures">
        <Figure name="Waiting" id="waiting" note={counts.delayed > 0 ? `${numberText(counts.delayed)} for their next attempt` : undefined}>{numberText(counts.waiting)}</Figure>
        <Figure name="Computing" id="active">{numberText(counts.active)}</Figure>
        <Figure name="Done" id="stored">{numberText(counts.stored)}</Figure>
        <Figure name="Failed" id="failed">{numberText(counts.failed)}</Figure>
        <Figure name="Rate" id="rate" note={secondsPerPoint === null ? undefined : `${pointTime(secondsPerPoint)} a point`}>{pointsPerSecond === null ? '–' : <>{numberText(pointsPerSecond)}<small>/s</small></>}</Figure>
        <Figure name="Time left" id="left">{complete ? 'done' : secondsLeft === null ? '–' : duration(secondsLeft)}</Figure>
      </dl>
      {counts.deadLetters > 0 && <p class="bad">{numberText(counts.deadLetters)} {counts.deadLetters === 1 ? 'entry' : 'entries'} could not be stored; the table sluice_dead_letters has them with their reasons.</p>}
    </section>
  );
}

function Figure({ name, id, note, children }: { readonly name: string; readonly id: string; readonly note?: string | undefined; readonly children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd><span data-figure={id}>{children}</span>{note !== undefined && <span class="note">{note}</span>}</dd>
    </div>
  );
}

/** Stored, computing and failed points side by side, as shares of all. */
function Bar({ points, stored, active, failed }: Snapshot['counts']) {
  const width = (count: number): number => (points === 0 ? 0 : Math.min(BAR.width, (count / points) * BAR.width));
  // A single failed point of a million is to be seen, too.
  const failedWidth = failed === 0 ? 0 : Math.max(LEAST, width(failed));
  const ends = [width(stored), width(stored + active)] as const;
  return (
    <svg class="bar" viewBox={`0 0 ${BAR.width} ${BAR.height}`} preserveAspectRatio="none" role="progressbar" aria-label="stored points" aria-valuemin={0} aria-valuemax={points} aria-valuenow={Math.min(stored, points)}>
      <rect class="bar-done" height={BAR.height} width={ends[0]} />
      <rect class="bar-active" height={BAR.height} x={ends[0]} width={Math.max(0, ends[1] - ends[0])} />
      <rect class="bar-failed" height={BAR.height} x={BAR.width - failedWidth} width={failedWidth} />
    </svg>
  );
}
