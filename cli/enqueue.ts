import { connectBroker, type Broker } from '../runtime/broker.ts';
import { requireBroker, type FoundBroker } from '../runtime/broker-file.ts';
import { EXIT, SluiceError, mistake } from '../runtime/errors.ts';
import { whenLeft, type Fate } from '../runtime/newer-broker.ts';
import { listenForStop } from '../runtime/signals.ts';
import { readCancels } from '../producer/cancellation.ts';
import { offer, plan } from '../producer/produce.ts';
import type { Candidates, Filled } from '../producer/fill.ts';
import { unlessStopped } from '../runtime/wait.ts';
import { openStoreIfPresent, type Store } from '../store/store.ts';
import type { Invocation } from './command.ts';
import { consumersCommand } from './consumers-command.ts';
import { planInvocation, type Planned } from './planned.ts';

/** Time that a chunk on its way to Redis has to arrive after a request to stop. */
const LEAVE_MS = 2_000;

/** What is said of a filling that could not be asked for its numbers any more. */
const UNKNOWN: Filled = { points: 0, stored: 0, failed: 0, queued: 0, added: 0, cancelled: false };

/** What was planned, and the points of it that are offered. */
type Wanted = Planned & { readonly offered: Candidates };

/** `sluice enqueue`: puts a spec into its table's plan and queues what is missing; fails where that is cancelled. */
export async function enqueue(invocation: Invocation): Promise<number> {
  const planned = await planInvocation(invocation);
  const { settings, definition } = planned;
  const { table } = settings;
  const { points, left } = await pointsToOffer(invocation, planned);
  const wanted = { ...planned, offered: points };
  using stop = listenForStop();
  const { signal } = stop;
  const startedAtMs = performance.now();
  let found = await requireBroker(settings);
  let filled = await fillAt(found, wanted, signal);
  while (filled === 'overtaken') {
    invocation.output.warning('a newer broker has taken over; going on with that');
    found = await requireBroker(settings);
    filled = await fillAt(found, wanted, signal);
  }
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

/**
 * Plans and fills at one broker; 'overtaken' where a newer one takes its place meanwhile, which has the plan at best.
 * Throws SluiceError `broker-ended` where it was taken down: nobody makes room any more.
 */
async function fillAt(found: FoundBroker, planned: Wanted, stop: AbortSignal): Promise<Filled | 'overtaken'> {
  await using broker = await connectBroker(found);
  using held = new DisposableStack();
  const store = openStoreIfPresent(planned.settings.data);
  held.defer(() => store?.close());
  const ending = new AbortController();
  held.defer(() => ending.abort());
  const signal = AbortSignal.any([stop, ending.signal]);
  // A Redis that is away may never answer: a request to stop waits a little for it, and no longer.
  const filling = unlessStopped(planAndOffer(broker, planned, store, signal), stop, LEAVE_MS).catch((error: unknown) => {
    if (stop.aborted) return UNKNOWN;
    throw error;
  });
  const left = whenLeft(found, signal).then(async (fate): Promise<Filled | Fate> => fate ?? (await filling));
  const ended = await Promise.race([filling, left]);
  if (ended !== 'down') return ended;
  const { table } = planned.settings;
  throw new SluiceError('broker-ended', `the broker of ${found.path} was taken down before all of ${table} was in the queue; the next \`sluice up\` queues the rest`);
}

async function planAndOffer(broker: Broker, { settings, definition, offered: points, canonical }: Wanted, store: Store | undefined, signal: AbortSignal): Promise<Filled> {
  const { table, waiting, attempts } = settings;
  const cancels = await readCancels(broker, table);
  await plan(broker, table, definition, canonical, store);
  return await offer({ broker, table, definition, points, store, waiting, attempts, signal, cancels });
}
