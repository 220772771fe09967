import { askSlurm } from './command.ts';

/** Time that SLURM's controller gets to list the nodes, for a question that has other answers too. */
const TIMEOUT_MS = 5_000;

/**
 * The addresses of SLURM's nodes as its configuration has them, names or IP; none where SLURM is absent, or does not answer
 * within `patienceMs`.
 */
export async function readNodeAddresses(patienceMs = 0): Promise<string[]> {
  const answer = await askSlurm('scontrol', ['show', 'nodes', '-o'], { timeoutMs: TIMEOUT_MS, patienceMs }).catch(() => undefined);
  return answer === undefined ? [] : nodeAddressesIn(answer.stdout);
}

/** The address of each node in what `scontrol show nodes -o` prints: a line each, with NodeAddr=ADDRESS in it. */
export function nodeAddressesIn(listing: string): string[] {
  return [...listing.matchAll(/(?:^|\s)NodeAddr=(\S+)/gm)].map((match) => match[1]!);
}
