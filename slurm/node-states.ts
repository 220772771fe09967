import { runSlurm } from './command.ts';

/** Time that SLURM's controller gets for a question without whose answer the rest can be told, too. */
const TIMEOUT_MS = 5_000;

/** The states of these nodes in SLURM's words, `down`, by name; those that it does not know, or does not tell, are missing. */
export async function readNodeStates(nodes: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (nodes.length === 0) return new Map();
  const answer = await runSlurm('sinfo', ['--noheader', '--Node', '--format=%N %T', `--nodes=${nodes.join(',')}`], { timeoutMs: TIMEOUT_MS }).catch(() => undefined);
  return answer?.code === 0 ? nodeStatesIn(answer.stdout) : new Map();
}

/** `node2 down*`, one a line, by node; a star says that the node does not answer. */
export function nodeStatesIn(printed: string): ReadonlyMap<string, string> {
  return new Map([...printed.matchAll(/^(\S+) ([a-z_]+)(\*?)/gm)].map(([, node, state, silent]) => [node!, silent === '*' && state !== 'down' ? `${state} and does not answer` : state!]));
}
