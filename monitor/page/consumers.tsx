import { numberText } from '../chart/number-text.ts';
import type { Snapshot, SnapshotConsumer } from '../snapshot.ts';
import { ago, counted, pointTime } from './words.ts';

/** Who computes, the busiest first. */
export function Consumers({ snapshot: { consumers, consumersHidden, atMs } }: { readonly snapshot: Snapshot }) {
  const slots = consumers.filter(({ alive }) => alive).reduce((sum, one) => sum + one.slots, 0);
  return (
    <section class="panel wide" aria-labelledby="consumers-title">
      <h2 id="consumers-title">Consumers</h2>
      {consumers.length === 0 ? (
        <p class="hush">None is there. <code>npx sluice consume</code> starts one here, <code>npx sluice launch</code> many on the cluster.</p>
      ) : (
        <>
          <p class="sentence">{counted(consumers.length + consumersHidden, 'consumer')}, {counted(slots, 'slot')}.</p>
          <div class="scroll" tabIndex={0} role="region" aria-labelledby="consumers-title">
            <table>
              <thead>
                <tr><th scope="col">Node</th><th scope="col" class="words">SLURM job</th><th scope="col">Computing</th><th scope="col">Rows</th><th scope="col">A point takes</th><th scope="col">Last seen</th></tr>
              </thead>
              <tbody>{consumers.map((one, index) => <Line key={`${one.node} ${one.slurmJob} ${index}`} {...one} nowMs={atMs} />)}</tbody>
            </table>
          </div>
          {consumersHidden > 0 && <p class="hush">and {counted(consumersHidden, 'more consumer')}</p>}
        </>
      )}
    </section>
  );
}

function Line({ node, slurmJob, alive, slots, running, rows, secondsPerPoint, lastSeenMs, nowMs }: SnapshotConsumer & { readonly nowMs: number }) {
  return (
    <tr class={alive ? '' : 'gone'}>
      <th scope="row">{node}</th>
      <td class="words">{slurmJob ?? '–'}</td>
      <td>{running} of {slots}</td>
      <td>{numberText(rows)}</td>
      <td>{pointTime(secondsPerPoint)}</td>
      <td>{alive ? '' : 'lost, '}{ago(lastSeenMs, nowMs)}</td>
    </tr>
  );
}
