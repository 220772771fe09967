import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Workspace } from './workspace.ts';

/** What a held point told: that it started or ended, in which consumer, and when. */
export interface Told {
  readonly what: 'started' | 'ended';
  readonly seed: number;
  /** Process number of the consumer. */
  readonly consumer: number;
  /** Milliseconds since 1970. */
  readonly atMs: number;
}

/** Points that start and then wait until the test lets them end. */
export interface HeldPoints {
  /** The spec's file, for `enqueue` and `run`; its points have seeds 0 to n - 1. */
  readonly spec: string;
  readonly table: string;
  /** What the points have told so far, in that order. */
  told(): Told[];
  /** Lets one point end, or all of them. */
  release(seed?: number): void;
}

/** A spec of `points` held points in `workspace`, in whose folder their consumers have to run. */
export function holdPoints(workspace: Workspace, points: number): HeldPoints {
  const table = 'held';
  const experiment = join(import.meta.dirname, 'held.ts');
  const spec = workspace.file('held.json', { experiment, table_name: table, params: [{ seed: { range: [0, points] } }] });
  const file = join(workspace.folder, 'told');
  return {
    spec,
    table,
    told: () => (existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n').map(parse) : []),
    release: (seed) => void workspace.file(seed === undefined ? 'released' : `released-${seed}`, ''),
  };
}

function parse(line: string): Told {
  const [what, seed, consumer, atMs] = line.split(' ');
  return { what: what === 'started' ? 'started' : 'ended', seed: Number(seed), consumer: Number(consumer), atMs: Number(atMs) };
}
