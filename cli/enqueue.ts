import { connectBroker } from '../runtime/broker.ts';
import { requireBroker } from '../runtime/broker-file.ts';
import { EXIT, mistake } from '../runtime/errors.ts';
import { listenForStop } from '../runtime/signals.ts';
import { readCancels } from '../producer/cancellation.ts';
import { offer, plan } from '../producer/produce.ts';
import type { Candidates, Filled } from '../producer/fill.ts';
import { unlessStopped } from '../runtime/wait.ts';
import { openStoreIfPresent } from '../store/store.ts';
import type { Invocation } from './command.ts';
import { consumersCommand } from './consumers-command.ts';
import { planInvocation, type Planned } from './planned.ts';

/** Time that a chunk on its way to Redis has to arrive after a request to stop. */
const LEAVE_MS = 2_000;

/** What is said of a filling that could not be asked for its numbers any more. */
const UNKNOWN: Filled = { points: 0, stored: 0, failed: 0, queued: 0, added: 0, cancelled: false };

/** `sluice enqueue`: puts a spec into its table's plan and queues what is missing; fails where that is cancelled. */
export async function enqueue(invocation: Invocation): Promise<number> {
  const planned = await planInvocation(invocation);
  const { settings, definition, canonical } = planned;
  const { table } = settings;
  const { points, left } = await pointsToOffer(invocation, planned);
  using stop = listenForStop();
  const found = await requireBroker(settings);
  await using broker = await connectBroker(found);
  using held = new DisposableStack();
  const store = openStoreIfPresent(settings.data);
  held.defer(() => store?.close());
  const cancels = await readCancels(broker, table);
  await plan(broker, table, definition, canonical, store);
  const startedAtMs = performance.now();
  const { waiting, attempts } = settings;
  const { signal } = stop;
  const offered = offer({ broker, table, definition, points, store, waiting, attempts, signal, cancels });
  // A Redis that is away may never answer: a request to stop waits a little for it, and no longer.
  const filled = await unlessStopped(offered, signal, LEAVE_MS).catch((error: unknown) => {
    if (signal.aborted) return UNKNOWN;
    throw error;
  });
  const seconds = (performance.now() - startedAtMs) / 1000;
  const document = {
    table, experiment: definition.name, points: filled.points, alreadyStored: filled.stored, alreadyFailed: filled.failed,
    alreadyQueued: filled.queued, knownElsewhere: left(), enqueued: filled.added, cancelled: filled.cancelled, seconds,
  };
  const { stored, failed, queued } = filled;
  const known = [[stored, 'stored'], [failed, 'failed before'], [queued, 'queued already'], [left(), 'known to BigQuery']] as const;
  const rest = known.filter(([count]) => count > 0).map(([count, what]) => `, ${count} ${what}`).join('');
  invocation.output.result(document, [
    `${table}: ${filled.added} of ${filled.points} points enqueued in ${seconds.toFixed(1)} s${rest}`,
    ...(filled.failed > 0 ? [`failed points run again after \`sluice retry ${table}\``] : []),
    signal.aborted
      ? 'interrupted: the same command goes on with the rest; under `sluice up` the rest is queued without it'
      : `consumers compute them: ${consumersCommand(found.address.url, table)}; \`npx sluice status ${table}\` counts`,
  ]);
  if (filled.cancelled) {
    invocation.output.warning(`${table} was cancelled meanwhile: its other points were not enqueued`);
  }
  stop.settle();
  return filled.cancelled ? EXIT.failed : EXIT.done;
}

/** The points to offer: with --known bigquery those that it does not have; and how many it has, once all were looked at. */
async function pointsToOffer(invocation: Invocation, planned: Planned): Promise<{ points: Candidates; left: () => number }> {
  const { known } = invocation.options;
  if (known === undefined) return { points: planned.plan, left: () => 0 };
  if (known !== 'bigquery') throw mistake('bad-option', '--known takes bigquery; what the database has is left out anyway');
  return await (await import('./known-there.ts')).withoutKnownThere(invocation, planned);
}
