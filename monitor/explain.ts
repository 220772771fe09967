import { noBroker } from './broker-reasons.ts';
import { CONSUMER_RULES } from './consumer-reasons.ts';
import type { Facts, Reason, Rule } from './facts.ts';
import { significant } from './progress.ts';
import { nextTryText } from './status.ts';
import { isComplete, secondsPerPoint } from './watch.ts';

/** Age of the oldest entry at which the sink is behind: a batch gathers for 250 ms, and is committed in less than a second. */
const SINK_BEHIND_MS = 5_000;

/** Kinds of failures that are told of. */
const FAILURES_SHOWN = 3;

/** Why nothing, or not more, happens with a table, likeliest first; never empty. */
export function explain(facts: Facts): Reason[] {
  const over = [...unknown(facts), ...complete(facts)];
  if (over.length > 0) return [...(facts.brokerTask === null ? [] : noBroker(facts)), ...over, ...AFTERWARDS.flatMap((rule) => rule(facts))];
  const reasons = [...BEFORE_CONSUMERS, ...CONSUMER_RULES, notQueued, delayed, ...AFTERWARDS].flatMap((rule) => rule(facts));
  return reasons.some(({ code }) => !BESIDES.includes(code)) ? reasons : [working(facts), ...reasons];
}

const BEFORE_CONSUMERS: readonly Rule[] = [noBroker, sink];
const AFTERWARDS: readonly Rule[] = [failures, deadLetters, uploads];

/** What keeps no point from being computed. */
const BESIDES: readonly string[] = ['failed', 'upload-behind'];

function unknown({ standing }: Facts): Reason[] {
  const { table, experiment, waiting, active, streamEntries } = standing;
  if (experiment !== null || waiting + active + streamEntries > 0) return [];
  return [{ code: 'unknown-table', text: `nothing was ever asked of table ${table}`, type: `npx sluice enqueue SPEC --table ${table}` }];
}

function complete({ standing }: Facts): Reason[] {
  if (!isComplete(standing)) return [];
  const { table, stored, points, failed } = standing;
  if (points === 0) return [{ code: 'nothing-planned', text: `no point of ${table} is planned now; ${stored} ${stored === 1 ? 'row is' : 'rows are'} stored`, type: `npx sluice enqueue SPEC --table ${table}` }];
  return [{ code: 'complete', text: `${table} is complete: ${stored} of ${points} points stored${failed > 0 ? `, ${failed} failed` : ''}` }];
}

function sink({ standing, sink: fact }: Facts): Reason[] {
  if (fact === null) return [];
  const full = fact.isFull ? '; the stream is full, so that consumers wait' : '';
  const rows = `${standing.streamEntries} ${standing.streamEntries === 1 ? 'row' : 'rows'}`;
  if (!fact.isUp) return [{ code: 'no-sink', text: `no sink is there to commit ${rows}${full}`, type: 'npx sluice sink' }];
  if (!fact.isFull && fact.oldestMs <= SINK_BEHIND_MS) return [];
  return [{ code: 'sink-behind', text: `the sink is behind by ${rows} and ${Math.round(fact.oldestMs / 1000)} s${full}` }];
}

function notQueued({ standing }: Facts): Reason[] {
  const { broker, points, stored, failed, waiting, active, streamEntries } = standing;
  const left = points - stored - failed;
  if (!broker || left <= 0 || waiting + active + streamEntries > 0) return [];
  return [{ code: 'not-queued', text: `${left} points are asked for and not in the queue: an \`enqueue\` is filling it, or was ended`, type: 'npx sluice enqueue SPEC' }];
}

function delayed({ standing }: Facts): Reason[] {
  return standing.delayed === 0 ? [] : [{ code: 'delayed', text: `${standing.delayed} points failed an attempt and wait for their next` }];
}

function failures({ standing, failures: groups }: Facts): Reason[] {
  const more = groups.length - FAILURES_SHOWN;
  return groups.slice(0, FAILURES_SHOWN).map(({ message, count }, index) => {
    const others = index === FAILURES_SHOWN - 1 && more > 0 ? `; there are ${more} more kinds of failures` : '';
    return { code: 'failed', text: `${count} ${count === 1 ? 'point' : 'points'} failed: ${message}${others}`, type: `npx sluice retry ${standing.table}` };
  });
}

function deadLetters({ standing }: Facts): Reason[] {
  const { deadLetters: count } = standing;
  return count === 0 ? [] : [{ code: 'dead-letters', text: `${count} entries could not be stored; sluice_dead_letters has them with their reasons` }];
}

function uploads({ standing, nowMs }: Facts): Reason[] {
  // A copy that is behind without a reason is on its way, as long as a sink may be there.
  const waiting = standing.uploads.filter(({ behind, error }) => behind > 0 && (error !== null || !standing.broker));
  return waiting.map((upload) => {
    const { target, behind, error } = upload;
    const why = error === null ? '' : `: ${error}${nextTryText(upload, nowMs)}`;
    return { code: 'upload-behind', text: `the copy in BigQuery, ${target}, is ${behind} ${behind === 1 ? 'row' : 'rows'} behind${why}`, type: `npx sluice upload ${standing.table}` };
  });
}

function working({ standing }: Facts): Reason {
  const there = standing.consumers.filter(({ alive }) => alive);
  const sum = (field: 'running' | 'slots'): number => there.reduce((total, one) => total + one[field], 0);
  const each = secondsPerPoint(standing);
  const pace = each === undefined ? '' : `, ${significant(each)} s a point`;
  return { code: 'working', text: `nothing is amiss: ${sum('running')} of ${sum('slots')} slots compute, ${standing.waiting} points wait${pace}` };
}
