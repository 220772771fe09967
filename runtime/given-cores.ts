/**
 * How many computations at once this process is given: SLURM's CPUs per task; else, within a job, its share of the
 * job's CPUs on this node, no more than `parallelism`; else `parallelism`, which is what affinity and cgroup leave. At
 * least 1.
 */
export function givenCores(environment: Readonly<Record<string, string | undefined>>, parallelism: number): number {
  const perTask = countOf(environment['SLURM_CPUS_PER_TASK']);
  if (perTask !== undefined) return perTask;
  const onNode = environment['SLURM_JOB_ID'] === undefined ? undefined : countOf(environment['SLURM_CPUS_ON_NODE']);
  if (onNode === undefined) return parallelism;
  const share = Math.floor(onNode / tasksOnNode(environment['SLURM_STEP_TASKS_PER_NODE']));
  return Math.max(1, Math.min(share, parallelism));
}

/** A count as SLURM writes it; undefined where it is none. */
function countOf(text: string | undefined): number | undefined {
  return text !== undefined && /^[1-9]\d{0,3}$/.test(text) ? Number(text) : undefined;
}

/** The most tasks that the step of a process has on one node, of a list such as `2(x3),1`; 1 outside a step. */
function tasksOnNode(list: string | undefined): number {
  const counts = (list ?? '').split(',').map((part) => Number(/^\d+/.exec(part)?.[0] ?? 0));
  return Math.max(1, ...counts);
}
