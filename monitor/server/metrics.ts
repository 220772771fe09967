import { Counter, Gauge, Registry } from 'prom-client';
import { COMMIT_SECONDS, countOf, POINT_SECONDS, type Bounds, type Histogram } from '../../runtime/histogram.ts';
import type { View } from './table-view.ts';

/** The type of the text that Prometheus scrapes. */
export const METRICS_TYPE = Registry.PROMETHEUS_CONTENT_TYPE;

/** How the tables stand, as Prometheus scrapes it; all views are of one broker. */
export async function metricsText(views: readonly View[]): Promise<string> {
  const registry = new Registry();
  const registers = [registry];
  const gauge = (name: string, help: string, labelNames: readonly string[] = []) => new Gauge({ name: `sluice_${name}`, help, labelNames, registers });
  const counter = (name: string, help: string, labelNames: readonly string[] = []) => new Counter({ name: `sluice_${name}`, help, labelNames, registers });
  const jobs = gauge('jobs', 'Points in the queue, by state; waiting includes delayed.', ['table', 'state']);
  const points = gauge('points', 'Points that were asked for, and how many of them are stored and failed.', ['table', 'state']);
  const deadLetters = gauge('dead_letters', 'Entries that the database could not take.', ['table']);
  const behind = gauge('upload_behind_rows', 'Stored rows that a target of BigQuery does not have yet.', ['table', 'target']);
  const rows = counter('rows_total', 'Rows stored since the sink started.', ['table']);
  const failures = counter('failures_total', 'Failures recorded since the sink started.', ['table']);
  const bytes = counter('entry_bytes_total', 'Bytes of entries committed since the sink started.', ['table']);
  const lastCommit = gauge('last_commit_timestamp_seconds', "When the sink last committed to the table, by its host's clock.", ['table']);
  for (const { snapshot: { table, counts, uploads } } of views) {
    if (table === null) continue;
    for (const state of ['waiting', 'delayed', 'active'] as const) jobs.set({ table, state }, counts[state]);
    points.set({ table, state: 'planned' }, counts.points);
    for (const state of ['stored', 'failed'] as const) points.set({ table, state }, counts[state]);
    deadLetters.set({ table }, counts.deadLetters);
    for (const { target, behind: left } of uploads) behind.set({ table, target }, left);
  }
  const counters = Object.entries(views.find((view) => view.counters !== undefined)?.counters?.tables ?? {});
  for (const [table, one] of counters) {
    rows.inc({ table }, one.rows);
    failures.inc({ table }, one.failures);
    bytes.inc({ table }, one.bytes);
    lastCommit.set({ table }, one.lastCommitMs / 1000);
  }
  registerSystem(gauge, views[0]);
  const histograms = [
    histogramText('sluice_commit_seconds', 'Seconds of a transaction of the sink.', COMMIT_SECONDS, counters.map(([table, one]) => [table, one.commitSeconds])),
    histogramText('sluice_point_seconds', 'Seconds that a stored row took to compute.', POINT_SECONDS, counters.map(([table, one]) => [table, one.pointSeconds])),
  ];
  return `${await registry.metrics()}${histograms.join('')}`;
}

/** What is of the broker, not of one table. */
function registerSystem(gauge: (name: string, help: string, labelNames?: readonly string[]) => Gauge, view: View | undefined): void {
  if (view === undefined) return;
  const { broker, sink, stream, consumers } = view.snapshot;
  gauge('broker_up', 'Whether the broker answers.').set(Number(broker.up));
  gauge('sink_up', 'Whether a sink commits rows.').set(Number(sink.up));
  gauge('stream_entries', 'Entries on their way to the database.').set(stream.entries);
  gauge('stream_oldest_seconds', 'How long the oldest of them has waited.').set(stream.oldestSeconds ?? 0);
  const alive = consumers.filter((one) => one.alive);
  const states = gauge('consumers', 'Consumers that tell of themselves, and those of the last hour that were lost.', ['state']);
  states.set({ state: 'alive' }, alive.length);
  states.set({ state: 'lost' }, consumers.length - alive.length + view.snapshot.consumersHidden);
  gauge('slots', 'Computations that consumers can do at once.').set(alive.reduce((sum, one) => sum + one.slots, 0));
  gauge('computations', 'Computations under way.').set(alive.reduce((sum, one) => sum + one.running, 0));
}

/** A histogram that somebody else has counted, which prom-client's own cannot take in. */
function histogramText(name: string, help: string, bounds: Bounds, tables: readonly (readonly [string, Histogram])[]): string {
  const lines = tables.flatMap(([table, histogram]) => {
    let below = 0;
    const buckets = bounds.map((bound, index) => `${name}_bucket{table="${table}",le="${bound}"} ${(below += histogram.counts[index] ?? 0)}`);
    const count = countOf(histogram);
    return [...buckets, `${name}_bucket{table="${table}",le="+Inf"} ${count}`, `${name}_sum{table="${table}"} ${histogram.sum}`, `${name}_count{table="${table}"} ${count}`];
  });
  return `\n# HELP ${name} ${help}\n# TYPE ${name} histogram\n${lines.map((line) => `${line}\n`).join('')}`;
}
