import type { Bin } from '../chart/histogram.ts';
import type { StoredProvenance } from '../../store/provenance.ts';
import { openLogBins } from './log-bins.ts';
import { openTimeline, type Step } from './timeline.ts';

/** Rows that share a version, or a host. */
export interface Share {
  readonly name: string;
  readonly rows: number;
}

/** Where the rows of a table come from, and how long they took. */
export interface Origin {
  readonly rows: number;
  /** Most rows first. */
  readonly versions: readonly Share[];
  readonly hosts: readonly Share[];
  readonly consumers: number;
  /** Rows that came at a later attempt than their first. */
  readonly retried: number;
  /** When the first and the last of them were computed and committed; null where there are none. */
  readonly firstMs: number | null;
  readonly lastMs: number | null;
  /** Seconds of computing in all. */
  readonly coreSeconds: number;
  /** Seconds a point: extremes as they are, median and 95th percentile to within 1 %; null where there are no rows. */
  readonly pointSeconds: { readonly least: number; readonly median: number; readonly p95: number; readonly most: number } | null;
  readonly secondsBars: readonly Bin[];
  readonly committed: readonly Step[];
}

/** The origin of rows, each looked at once: memory grows with the hosts and consumers, not with the rows. */
export function originOf(rows: Iterable<StoredProvenance>): Origin {
  const [versions, hosts, consumers] = [new Map<string, number>(), new Map<string, number>(), new Set<string>()];
  const [bins, timeline] = [openLogBins(), openTimeline()];
  const sum = { rows: 0, retried: 0, coreSeconds: 0, firstMs: Infinity, lastMs: -Infinity, least: Infinity, most: 0 };
  for (const { version, consumer, attempt, seconds, finishedAtMs, committedAtMs } of rows) {
    count(versions, version);
    count(hosts, hostOf(consumer));
    consumers.add(consumer);
    bins.add(seconds);
    timeline.add(committedAtMs);
    sum.rows++;
    sum.coreSeconds += seconds;
    if (attempt > 1) sum.retried++;
    sum.firstMs = Math.min(sum.firstMs, finishedAtMs - seconds * 1000);
    sum.lastMs = Math.max(sum.lastMs, committedAtMs);
    sum.least = Math.min(sum.least, seconds);
    sum.most = Math.max(sum.most, seconds);
  }
  const [median, p95] = [bins.quantile(0.5), bins.quantile(0.95)];
  const inRange = (value: number): number => Math.min(sum.most, Math.max(sum.least, value));
  return {
    rows: sum.rows,
    versions: shares(versions),
    hosts: shares(hosts),
    consumers: consumers.size,
    retried: sum.retried,
    firstMs: sum.rows === 0 ? null : sum.firstMs,
    lastMs: sum.rows === 0 ? null : sum.lastMs,
    coreSeconds: sum.coreSeconds,
    pointSeconds: median === undefined || p95 === undefined ? null : { least: sum.least, median: inRange(median), p95: inRange(p95), most: sum.most },
    secondsBars: bins.bars(),
    committed: timeline.steps(),
  };
}

/** A consumer is HOST:PID. */
function hostOf(consumer: string): string {
  return consumer.replace(/:[^:]*$/, '');
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function shares(counts: ReadonlyMap<string, number>): Share[] {
  return [...counts].map(([name, rows]) => ({ name, rows })).toSorted((one, other) => other.rows - one.rows || (one.name < other.name ? -1 : 1));
}
