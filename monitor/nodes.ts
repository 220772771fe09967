import type { SeenConsumer } from '../runtime/presence.ts';
import { columns } from './columns.ts';
import { duration } from './progress.ts';

/** The consumers of one node that are in one state. */
export interface NodeStatus {
  readonly host: string;
  readonly state: 'taking' | 'leaving' | 'lost';
  readonly consumers: number;
  /** Their SLURM jobs, as squeue prints them. */
  readonly jobs: readonly string[];
  /** Computations under way, and how many there can be at once. */
  readonly running: number;
  readonly slots: number;
  /** Rows delivered since they started. */
  readonly rows: number;
  /** Since the last sign of life of the one that is silent for longest. */
  readonly agoMs: number;
}

/** SLURM jobs of a node that are named in its line. */
const JOBS_SHOWN = 2;

/** The consumers by node and state: the lost ones last, else by name of the node. */
export function nodesOf(consumers: readonly SeenConsumer[]): NodeStatus[] {
  const groups = Map.groupBy(consumers, (one) => `${one.alive ? '' : '~'}${one.host} ${stateOf(one)}`);
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => nodeOf(group));
}

function nodeOf(group: readonly SeenConsumer[]): NodeStatus {
  const sum = (field: 'running' | 'slots' | 'rows'): number => group.reduce((total, one) => total + one[field], 0);
  const [{ host }, state] = [group[0]!, stateOf(group[0]!)];
  const jobs = [...new Set(group.flatMap(({ job }) => (job === null ? [] : [job])))].sort();
  return {
    host, state, consumers: group.length, jobs, slots: sum('slots'), rows: sum('rows'),
    running: state === 'lost' ? 0 : sum('running'),
    agoMs: Math.max(...group.map(({ agoMs }) => agoMs)),
  };
}

function stateOf(one: SeenConsumer): NodeStatus['state'] {
  return one.alive ? one.state : 'lost';
}

/** A table of the nodes, one line each after a heading; no line where there are none. */
export function nodeLines(nodes: readonly NodeStatus[]): string[] {
  if (nodes.length === 0) return [];
  const heading = ['node', 'SLURM job', 'state', 'computing', 'rows', 'last seen'];
  return columns([heading, ...nodes.map(cellsOf)], [4]);
}

function cellsOf({ host, state, jobs, running, slots, rows, agoMs }: NodeStatus): string[] {
  const more = jobs.length > JOBS_SHOWN ? ` +${jobs.length - JOBS_SHOWN}` : '';
  const named = jobs.length === 0 ? '-' : jobs.slice(0, JOBS_SHOWN).join(' ') + more;
  return [host, named, state, state === 'lost' ? '-' : `${running} of ${slots}`, String(rows), `${duration(agoMs / 1000)} ago`];
}
