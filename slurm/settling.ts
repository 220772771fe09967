import { runSlurm } from './command.ts';

/** Time for the question; an answer that does not come says that the controller is not even there. */
const TIMEOUT_MS = 10_000;

/** Whether SLURM's controller has just come back: until its nodes have registered again it refuses jobs for want of them. */
export async function isSettling(): Promise<boolean> {
  const answer = await runSlurm('scontrol', ['show', 'nodes', '-o'], { timeoutMs: TIMEOUT_MS }).catch(() => undefined);
  return answer?.code === 0 && hasUnregisteredNodes(answer.stdout);
}

/** Whether a node has not registered, in what `scontrol show nodes -o` prints: a line each; those that are off or down need not. */
export function hasUnregisteredNodes(listing: string): boolean {
  return listing.split('\n').some((line) => / SlurmdStartTime=None\b/.test(line) && !/ State=\S*(DOWN|POWER|FAIL|FUTURE)/.test(line));
}
