import { offer } from '../producer/produce.ts';
import { tableOf } from '../reduce/reduce.ts';
import type { Broker } from '../runtime/broker.ts';
import { SluiceError } from '../runtime/errors.ts';
import { pause } from '../runtime/wait.ts';
import type { Settings } from '../runtime/settings.ts';
import { openStore, type Store } from '../store/store.ts';
import type { Point } from '../wire/point.ts';
import { settingsWithTable, type Invocation } from './command.ts';
import { record } from './record.ts';
import { brokerIfAny } from './any-broker.ts';

/** Time that the sink has to take in what we ask; it commits several times a second. */
const SINK_TIMEOUT_MS = 30_000;

/** `sluice retry`: forgets the failures of a table, and queues their points where a broker is up. */
export async function retry(invocation: Invocation): Promise<void> {
  const settings = settingsWithTable(invocation);
  const { message } = invocation.options;
  const { forgotten, enqueued } = await retryFailures(settings, typeof message === 'string' ? message : undefined);
  const { table } = settings;
  const then = enqueued === undefined ? 'the next `npx sluice run` computes them' : `${enqueued} enqueued`;
  invocation.output.result({ table, forgotten, enqueued: enqueued ?? 0 }, [
    forgotten === 0 ? `${table} has no failed points${message === undefined ? '' : ' with that message'}` : `${forgotten} failures of ${table} forgotten; ${then}`,
  ]);
}

/**
 * Forgets the failures of the settings' table, those alone that `message` counts where one is given, and queues their points;
 * `enqueued` is undefined where no broker is up.
 */
export async function retryFailures(settings: Settings, message: string | undefined): Promise<{ readonly forgotten: number; readonly enqueued: number | undefined }> {
  const { table } = settings;
  using held = new DisposableStack();
  const store = held.adopt(openStore(settings.data), (open) => open.close());
  const { definition } = tableOf(store, table);
  const failures = Array.from(store.failures(table, message), ({ key, point }) => ({ key, point }));
  await using broker = await brokerIfAny(settings);
  let enqueued = 0;
  if (failures.length > 0) {
    await record({ kind: 'retry', table, keys: failures.map(({ key }) => key) }, settings.data, broker);
    if (broker !== undefined) enqueued = await offerAgain(broker, store, failures, { ...settings, definition });
  }
  return { forgotten: failures.length, enqueued: broker === undefined ? undefined : enqueued };
}

interface OfferAgain {
  readonly table: string;
  readonly definition: Parameters<typeof offer>[0]['definition'];
  readonly waiting: number;
  readonly attempts: number;
}

async function offerAgain(broker: Broker, store: Store, failures: readonly { key: string; point: Point }[], request: OfferAgain): Promise<number> {
  // One entry forgets all of them at once.
  const keys = failures.slice(0, 1).map(({ key }) => key);
  const deadlineMs = performance.now() + SINK_TIMEOUT_MS;
  while (store.recorded(request.table, keys).includes('failed')) {
    if (performance.now() > deadlineMs) throw new SluiceError('no-sink', 'no sink has taken in the request yet; is one up? it will be when one is');
    await pause(50);
  }
  const points = { size: failures.length, pointAt: (index: number) => failures[index]?.point };
  return (await offer({ ...request, broker, store, points })).added;
}
