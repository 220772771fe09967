import type { Broker } from '../../runtime/broker.ts';
import { messageOf } from '../../runtime/errors.ts';
import { redactUrl } from '../../runtime/redis-address.ts';
import { readSinkCounters, type SinkCounters } from '../../runtime/sink-counters.ts';
import type { SinkFact } from '../facts.ts';
import { withSample, type Sample } from '../pace.ts';
import type { Snapshot } from '../snapshot.ts';
import { NOTHING_QUEUED, queuedStatus, storedStatus, type QueuedStatus } from '../status.ts';
import { isComplete } from '../watch.ts';
import type { BrokerView } from './broker-view.ts';
import { composeSnapshot } from './compose.ts';
import { openInsights } from './insights.ts';
import { openRateHistory } from './rate-history.ts';
import type { StoredLook } from './stored-look.ts';
import type { StoredThread } from './stored-thread.ts';
import type { Surroundings } from './surroundings.ts';

/** What a look at a table gave: the snapshot, and what Prometheus asks for besides. */
export interface View {
  readonly snapshot: Snapshot;
  readonly counters: SinkCounters | undefined;
}

/** A table, looked at again and again. */
export interface TableView {
  /** How it stands now, in a few commands to Redis and a few look-ups in SQLite. */
  look(): Promise<View>;
}

/** Where a view looks. */
export interface Sights {
  readonly surroundings: Surroundings;
  readonly broker: BrokerView;
  /** For looks, and for what takes longer. */
  readonly looks: StoredThread;
  readonly analyses: StoredThread;
}

interface Queued {
  readonly queued: QueuedStatus;
  readonly sink: SinkFact;
  readonly counters: SinkCounters | undefined;
  readonly registered: readonly string[];
}

const NOTHING_STORED: StoredLook = { tables: [], status: storedStatus(undefined, '', 0), isUpperBound: false, failures: { groups: [], hidden: 0 }, createdAtMs: null, tookMs: 0 };

/** A view of `table`; null stands for the first that there is. */
export function openTableView(sights: Sights, asked: string | null): TableView {
  const { surroundings, broker, looks, analyses } = sights;
  const insights = openInsights(analyses);
  const history = openRateHistory();
  let samples: readonly Sample[] = [];
  let stored = NOTHING_STORED;
  let table = asked;
  const lookAtBroker = async (on: Broker): Promise<Queued> => {
    const registered = await surroundings.registered(on);
    table ??= registered[0] ?? null;
    return { registered, queued: table === null ? NOTHING_QUEUED : await queuedStatus(on, table), sink: await surroundings.sinkOf(on), counters: await readSinkCounters(on) };
  };
  const lookAtDatabase = async (data: string): Promise<string | undefined> => {
    try {
      stored = await looks.ask('look', data, table);
      if (table === null && stored.tables[0] !== undefined) stored = await looks.ask('look', data, (table = stored.tables[0]));
      return undefined;
    } catch (error) {
      return messageOf(error); // the counts stay what they were
    }
  };
  return {
    look: async () => {
      const { found, seen, trouble: brokerTrouble } = await broker.see(lookAtBroker);
      const data = surroundings.dataOf(found);
      const databaseTrouble = await lookAtDatabase(data);
      const queued = { ...(seen?.queued ?? NOTHING_QUEUED), broker: seen !== undefined };
      const exact = insights.points(data, table, stored);
      const standing = { ...stored.status, points: exact, ...queued, table: table ?? '' };
      const nowMs = Date.now();
      const settled = standing.stored + standing.failed;
      samples = withSample(samples, { atMs: performance.now(), settled });
      if (table !== null) history.add(nowMs, settled);
      const slurm = await surroundings.slurm(standing.table, data, standing.consumers);
      const facts = { nowMs, standing, named: found === undefined ? null : surroundings.namedBy(found), sink: seen?.sink ?? null, failures: stored.failures.groups, ...slurm };
      const snapshot = composeSnapshot({
        sluice: surroundings.version, table, facts, brokerTrouble, databaseTrouble, samples,
        tables: [...new Set([...stored.tables, ...(seen?.registered ?? [])])],
        failures: stored.failures,
        brokerAt: found === undefined ? undefined : redactUrl(found.address.url),
        rate: history.samples,
        ...insights.of(data, table, stored, isComplete(standing)),
      });
      return { snapshot, counters: seen?.counters };
    },
  };
}
