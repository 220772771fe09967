import { hash } from 'node:crypto';
import type { Target } from './target.ts';

/** The label of a load job that tells its batch: the hash of the batch's points. */
export const HASH_LABEL = 'sluice';

/** Hex digits that tell apart the logs of tables of one name. */
const LOG_DIGITS = 16;

/**
 * The id of the load job at `position` of the log of a table: `sluice_TABLE_LOG_POSITION`. BigQuery takes an id once, so
 * that each position is taken once, by one batch, whoever sends it from wherever.
 */
export function jobIdOf(target: Target, table: string, log: string, position: number): string {
  const digits = hash('sha256', JSON.stringify([target.name, table, log]), 'hex').slice(0, LOG_DIGITS);
  return `sluice_${table}_${digits}_${position}`;
}
