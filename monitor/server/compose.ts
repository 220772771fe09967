import { explain } from '../explain.ts';
import type { Facts } from '../facts.ts';
import { paceOf, type Sample } from '../pace.ts';
import type { RateSample, Snapshot, SnapshotConsumer, SvdBlockPlots } from '../snapshot.ts';
import { isComplete, secondsLeft, secondsPerPoint } from '../watch.ts';
import type { SeenConsumer } from '../../runtime/presence.ts';

/** Consumers that are told of one by one. */
const CONSUMERS_SHOWN = 200;

/** Characters of a reason: messages of failures may be long. */
const REASON_CHARS = 500;

/** What a snapshot is made of. */
export interface Parts {
  readonly sluice: string;
  readonly tables: readonly string[];
  readonly table: string | null;
  readonly facts: Facts;
  readonly failures: Snapshot['failures'];
  /** Why no broker answers, where none does. */
  readonly brokerTrouble: string | undefined;
  /** Why the database told nothing newer, where it did not. */
  readonly databaseTrouble: string | undefined;
  /** Where the broker is, without its password. */
  readonly brokerAt: string | undefined;
  readonly samples: readonly Sample[];
  readonly rate: readonly RateSample[];
  readonly plots: SvdBlockPlots | null;
  readonly answer: Snapshot['answer'];
}

/** The snapshot that the parts give. */
export function composeSnapshot(parts: Parts): Snapshot {
  const { facts, table } = parts;
  const { standing } = facts;
  const { points, stored, failed, waiting, delayed, active, deadLetters } = standing;
  const pace = paceOf(parts.samples);
  const consumers = standing.consumers.toSorted(busiestFirst);
  return {
    atMs: facts.nowMs, sluice: parts.sluice, tables: parts.tables, table, experiment: standing.experiment,
    counts: { points, stored, failed, waiting, delayed, active, deadLetters },
    complete: isComplete(standing),
    pointsPerSecond: pace ?? null,
    secondsPerPoint: secondsPerPoint(standing) ?? null,
    secondsLeft: secondsLeft({ standing, pace }) ?? null,
    rate: parts.rate,
    consumers: consumers.slice(0, CONSUMERS_SHOWN).map((one) => consumerOf(one, facts.nowMs)),
    consumersHidden: Math.max(0, consumers.length - CONSUMERS_SHOWN),
    stream: { entries: standing.streamEntries, oldestSeconds: oldestSeconds(facts), full: facts.sink?.isFull ?? false },
    uploads: standing.uploads,
    failures: parts.failures,
    broker: { up: standing.broker, text: brokerText(parts) },
    sink: { up: facts.sink?.isUp ?? false, text: sinkText(facts) },
    reasons: reasonsOf(parts),
    plots: parts.plots,
    answer: parts.answer,
    canRetry: failed > 0,
  };
}

function busiestFirst(a: SeenConsumer, b: SeenConsumer): number {
  return Number(b.alive) - Number(a.alive) || b.running - a.running || b.rows - a.rows || (a.id < b.id ? -1 : 1);
}

/** Times are by the clock of this machine, to the second: `agoMs` is by that of Redis alone, and what differs is sent. */
function consumerOf({ host, job, alive, slots, running, rows, secondsPerPoint: seconds, agoMs }: SeenConsumer, nowMs: number): SnapshotConsumer {
  return { node: host, slurmJob: job, alive, slots, running: alive ? running : 0, rows, secondsPerPoint: seconds, lastSeenMs: Math.round((nowMs - agoMs) / 1000) * 1000 };
}

function oldestSeconds({ standing, sink }: Facts): number | null {
  return sink === null || standing.streamEntries === 0 ? null : Math.round(sink.oldestMs / 1000);
}

function brokerText({ brokerTrouble, brokerAt }: Parts): string {
  return brokerTrouble ?? `the broker answers at ${brokerAt ?? 'its address'}`;
}

function sinkText({ standing, sink }: Facts): string {
  if (sink === null) return 'whether a sink is there is not known while no broker answers';
  const { streamEntries: entries } = standing;
  const rows = `${entries} ${entries === 1 ? 'entry' : 'entries'}`;
  if (!sink.isUp) return entries === 0 ? 'no sink is there to commit rows' : `no sink is there to commit rows: ${rows} wait`;
  return entries === 0 ? 'a sink commits rows, and none waits' : `a sink commits rows, and ${rows} are on their way`;
}

function reasonsOf({ facts, table, databaseTrouble }: Parts): Snapshot['reasons'] {
  const known = table === null ? [{ code: 'no-table', text: 'there is no table yet', type: 'npx sluice run' }] : explain(facts);
  const all = [...(databaseTrouble === undefined ? [] : [{ code: 'database', text: databaseTrouble }]), ...known];
  return all.map(({ code, text, ...rest }) => ({ code, text: text.slice(0, REASON_CHARS), type: 'type' in rest ? (rest.type ?? null) : null }));
}
