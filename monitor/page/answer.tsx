import type { Snapshot } from '../snapshot.ts';

/** Digits of a number of the answer, as `sluice reduce` prints them. */
const DIGITS = 10;

/** The answer, once there is one. */
export function Answer({ answer }: Pick<Snapshot, 'answer'>) {
  if (answer === null) return null;
  return (
    <section class="panel answer" aria-labelledby="answer-title">
      <h2 id="answer-title">Answer</h2>
      <dl class="pairs">
        {Object.entries(answer).map(([name, value]) => (
          <div key={name}>
            <dt><code>{name}</code></dt>
            <dd>{typeof value === 'number' ? Number(value.toPrecision(DIGITS)) : value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
