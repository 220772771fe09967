import type { SeenConsumer } from '../../../runtime/presence.ts';
import type { TableStatus } from '../../../monitor/status.ts';

/** A consumer that computes on `node1`, with `changes`. */
export function seen(changes: Partial<SeenConsumer> = {}): SeenConsumer {
  return {
    id: 'node1:7', host: 'node1', pid: 7, startedAtMs: 0, lastSeenMs: 0, slots: 4, running: 4, rows: 10, job: '123_1', state: 'taking',
    secondsPerPoint: 2, endsAtMs: null, agoMs: 1_000, alive: true, ...changes,
  };
}

/** The standing of a table of 1,000 points under way, with `changes`. */
export function standing(changes: Partial<TableStatus> = {}): TableStatus {
  return {
    table: 'trial', experiment: 'svd-block', points: 1000, stored: 300, failed: 2, deadLetters: 0, uploads: [],
    waiting: 650, delayed: 0, active: 48, streamEntries: 0, broker: true, consumers: [], ...changes,
  };
}
