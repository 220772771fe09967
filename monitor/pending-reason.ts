/** What SLURM's word for why a task waits means, most specific first. */
const RULES: readonly (readonly [RegExp, string])[] = [
  [/^Resources$/, 'no node has room yet'],
  [/^Priority$/, 'jobs of higher priority come first'],
  [/^BeginTime$/, 'its start time has not come; a requeued job waits two minutes'],
  [/^DependencyNeverSatisfied$/, 'the job it depends on failed: it will never start'],
  [/^(Dependency|Singleton)$/, 'it waits for another job'],
  [/^JobArrayTaskLimit$/, "the array's own limit of tasks at once is reached"],
  [/^(JobHeldUser|JobHeldAdmin|job requeued in held state)/, 'it is held; `scontrol release` lets it go, if you may'],
  [/^PartitionTimeLimit$/, 'it asks for more time than the partition allows: it will never start'],
  [/^PartitionNodeLimit$/, 'it asks for more nodes than the partition allows: it will never start'],
  [/^(PartitionDown|PartitionInactive)$/, 'the partition is closed'],
  [/^ReqNodeNotAvail/, 'the nodes it needs are down, drained or reserved, often for maintenance'],
  [/^(Nodes required for job are DOWN|NodeDown)/, 'the nodes it needs are down, drained or reserved'],
  [/^BadConstraints$/, 'no node fits what it asks for: it will never start'],
  [/^Reservation/, 'it waits for a reservation'],
  [/^(QOSMax|QOSGrp|MaxJobsPer|MaxSubmit)/, 'a limit of your quality of service is reached'],
  [/^(Assoc|InvalidAccount|InvalidQOS)/, 'a limit of your account is reached, or the account may not run here'],
  [/^Licenses$/, 'a licence is in use'],
];

/** SLURM's reason with its meaning: `Resources: no node has room yet`; an unknown reason as SLURM gives it. */
export function reasonInWords(reason: string): string {
  const meaning = RULES.find(([pattern]) => pattern.test(reason))?.[1];
  if (reason === '') return 'SLURM gives no reason';
  return meaning === undefined ? reason : `${reason}: ${meaning}`;
}
