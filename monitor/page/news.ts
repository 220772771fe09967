import type { Snapshot } from '../snapshot.ts';
import { counted } from './words.ts';

/** Parts of a run at which it is worth a word; more would be noise. */
const PARTS = 10;

/**
 * What has happened between two snapshots that a person who does not look should hear: broker and sink gone or back, points
 * that fail in a new way, each tenth of the run, its end. Nothing of a first snapshot, nor across tables.
 */
export function newsOf(before: Snapshot | null, now: Snapshot): string[] {
  if (before === null || before.table !== now.table || now.table === null) return [];
  const news: string[] = [];
  for (const part of ['broker', 'sink'] as const) {
    if (before[part].up !== now[part].up) news.push(now[part].up ? `The ${part} is back.` : `${now[part].text}.`);
  }
  const known = new Set(before.failures.groups.map(({ message }) => message));
  for (const { message, count } of now.failures.groups) {
    if (!known.has(message)) news.push(`${counted(count, 'point')} failed: ${message}.`);
  }
  if (now.complete && !before.complete) news.push(`${now.table} is complete: ${counted(now.counts.stored, 'point')} stored, ${now.counts.failed} failed.`);
  else if (tenth(now) > tenth(before)) news.push(`${tenth(now) * (100 / PARTS)} percent of ${now.table} are done.`);
  return news;
}

function tenth({ counts: { points, stored } }: Snapshot): number {
  return points === 0 ? 0 : Math.floor((stored * PARTS) / points);
}
