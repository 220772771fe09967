import { offer } from '../producer/produce.ts';
import { tableOf } from '../reduce/reduce.ts';
import type { Broker } from '../runtime/broker.ts';
import { SluiceError } from '../runtime/errors.ts';
import { pause } from '../runtime/wait.ts';
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
  const { table } = settings;
  using held = new DisposableStack();
  const store = held.adopt(openStore(settings.data), (open) => open.close());
  const { definition } = tableOf(store, table);
  const failures = [...store.failures(table)];
  await using broker = await brokerIfAny(settings);
  let enqueued = 0;
  if (failures.length > 0) {
    await record({ kind: 'retry', table, keys: failures.map(({ key }) => key) }, settings.data, broker);
    if (broker !== undefined) enqueued = await offerAgain(broker, store, failures, { ...settings, definition });
  }
  const then = broker === undefined ? 'the next `npx sluice run` computes them' : `${enqueued} enqueued`;
  invocation.output.result({ table, forgotten: failures.length, enqueued }, [
    failures.length === 0 ? `${table} has no failed points` : `${failures.length} failures of ${table} forgotten; ${then}`,
  ]);
}

interface OfferAgain {
  readonly table: string;
  readonly definition: Parameters<typeof offer>[0]['definition'];
  readonly waiting: number;
  readonly attempts: number;
}

async function offerAgain(broker: Broker, store: Store, failures: readonly { key: string; point: Point }[], request: OfferAgain): Promise<number> {
  const keys = failures.map(({ key }) => key);
  const deadlineMs = performance.now() + SINK_TIMEOUT_MS;
  while (store.recorded(request.table, keys).includes('failed')) {
    if (performance.now() > deadlineMs) throw new SluiceError('no-sink', 'no sink has taken in the request yet; is one up? it will be when one is');
    await pause(50);
  }
  const points = { size: failures.length, pointAt: (index: number) => failures[index]?.point };
  return (await offer({ ...request, broker, store, points })).added;
}
