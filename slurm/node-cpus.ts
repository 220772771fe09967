import { runSlurm } from './command.ts';

/** Time that SLURM's controller gets for a question that consumers answer too, once there are some. */
const TIMEOUT_MS = 5_000;

/** CPUs of the smallest node of a partition, of all partitions where none is named; undefined where SLURM does not say. */
export async function readNodeCpus(partition: string | undefined): Promise<number | undefined> {
  const parameters = ['--noheader', '--format=%c', ...(partition === undefined ? [] : [`--partition=${partition}`])];
  const answer = await runSlurm('sinfo', parameters, { timeoutMs: TIMEOUT_MS }).catch(() => undefined);
  return answer?.code === 0 ? fewestCpusIn(answer.stdout) : undefined;
}

/** The least of the numbers that sinfo prints, one a line; `8+` stands for nodes of 8 and more. */
export function fewestCpusIn(printed: string): number | undefined {
  const counts = [...printed.matchAll(/^\s*(\d+)\+?\s*$/gm)].map(([, count]) => Number(count)).filter((count) => count > 0);
  return counts.length === 0 ? undefined : Math.min(...counts);
}
