import { resolve } from 'node:path';
import type { Broker } from '../runtime/broker.ts';
import { SluiceError } from '../runtime/errors.ts';
import { HEARTBEAT_MS } from '../runtime/limits.ts';
import { redactUrl } from '../runtime/redis-address.ts';
import type { Settings } from '../runtime/settings.ts';
import { pause } from '../runtime/wait.ts';
import { readLease } from '../sink/lease.ts';
import { databasePath } from '../store/open.ts';
import { openStore } from '../store/store.ts';
import type { Watch } from './run-watch.ts';

/** Interval at which the database is asked what another process's sink has committed. */
const POLL_MS = 250;

/** Time that a sink at work has to show its lease: it is just starting, or Redis came back empty. */
const LEASE_WAIT_MS = 2 * HEARTBEAT_MS;

/** Interval at which a lease that is not there is looked for. */
const LOOK_MS = 100;

/**
 * Tells `watch` what another process's sink commits, as the database shows it. Throws SluiceError `other-broker` where
 * the sink that writes our database does not serve `broker`: rows would never arrive.
 */
export async function watchSharedSink(
  settings: Settings,
  broker: Broker,
  watch: Watch,
  stop: AbortSignal,
): Promise<Disposable> {
  await requireSink(settings.data, broker, stop);
  return pollCounts(settings, watch);
}

async function requireSink(data: string, broker: Broker, stop: AbortSignal): Promise<void> {
  const deadlineMs = performance.now() + LEASE_WAIT_MS;
  let lease = await readLease(broker);
  while (lease === undefined && performance.now() < deadlineMs && !stop.aborted) {
    await pause(LOOK_MS, stop);
    lease = await readLease(broker);
  }
  if (lease?.database === resolve(data) || stop.aborted) return;
  const where = redactUrl(broker.address.url);
  const served = lease === undefined ? 'no sink serves' : `the sink of another database, ${lease.database}, serves`;
  throw new SluiceError(
    'other-broker',
    `${databasePath(data)} is being written by the sink of another broker, while ${served} ${where}; ` +
      'leave out --redis and REDIS_URL, or choose another data folder with --data DIR',
  );
}

function pollCounts({ data, table }: Settings, watch: Watch): Disposable {
  const store = openStore(data);
  let seen = store.counts(table);
  const look = (): void => {
    const now = store.counts(table);
    const change = { rows: now.stored - seen.stored, failures: Math.max(0, now.failed - seen.failed) };
    seen = now;
    if (change.rows + change.failures > 0) watch.committed({ tables: { [table]: change } });
  };
  const timer = setInterval(() => {
    try {
      look();
    } catch (error) {
      watch.fail(error);
    }
  }, POLL_MS);
  return {
    [Symbol.dispose]: () => {
      clearInterval(timer);
      store.close();
    },
  };
}
