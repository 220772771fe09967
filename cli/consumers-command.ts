import { isLoopback } from '../runtime/redis-address.ts';

/**
 * What to type so that consumers serve the broker at `url`, whose connection file can be named: SLURM's nodes reach one
 * beyond loopback.
 */
export function consumersCommand(url: string, table?: string): string {
  if (isLoopback(new URL(url).hostname)) return '`npx sluice consume`';
  return `\`npx sluice launch array${table === undefined ? '' : ` ${table}`}\` on SLURM, \`npx sluice consume\` here`;
}
