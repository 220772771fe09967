import { addressOf, CPUS_PER_NODE, homeOf, LOGIN_ADDRESS, MEMORY_PER_NODE_MB, NODES, USERS, type Plan, type UserName } from './plan.ts';

/** /etc/hosts of the login host and of every node. */
export function hostsFile(): string {
  const nodes = NODES.map((node) => `${addressOf(node)} ${node}`);
  return ['127.0.0.1 localhost', `${LOGIN_ADDRESS} login`, ...nodes, ''].join('\n');
}

/** /etc/passwd of the cluster: the machine's own, and the cluster's users, of whom the machine itself knows nothing. */
export function passwdFile(machines: string, homes: string): string {
  return machines + entries(([user, id]) => `${user}:x:${id}:${id}::${homeOf(homes, user)}:/bin/bash`);
}

/** /etc/group of the cluster: a group for each of its users. */
export function groupFile(machines: string): string {
  return machines + entries(([user, id]) => `${user}:x:${id}:`);
}

function entries(line: (entry: [UserName, number]) => string): string {
  return (Object.entries(USERS) as [UserName, number][]).map((entry) => `${line(entry)}\n`).join('');
}

/**
 * slurm.conf(5) of the cluster. Times are far shorter than a site's, so that tests are quick: a lost node is noticed
 * after about 15 s where a site takes minutes. Partitions: batch (default), scavenge (preempted by batch, after 5 s)
 * and service.
 */
export function slurmConf({ folder, logs, id }: Plan): string {
  const nodes = NODES.map((node) => `NodeName=${node} NodeHostname=${node} NodeAddr=${addressOf(node)}`);
  return `ClusterName=sluice${id}
SlurmctldHost=login(${LOGIN_ADDRESS})
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket=${folder}/munge/socket
SlurmctldPort=6817
SlurmdPort=6818
SlurmctldPidFile=${folder}/ctld/slurmctld.pid
SlurmctldLogFile=${logs}/slurmctld.log
SlurmctldDebug=verbose
StateSaveLocation=${folder}/ctld
SlurmdPidFile=${folder}/nodes/%n/slurmd.pid
SlurmdSpoolDir=${folder}/nodes/%n/spool
SlurmdLogFile=${logs}/slurmd.%n.log
SlurmdDebug=info
# No cgroups: they are the machine's, and not every machine lends them.
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/filetxt
JobCompLoc=${logs}/jobcomp.txt
MpiDefault=none
# The nodes share this machine's CPUs and memory, and pretend to have more.
SlurmdParameters=config_overrides
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
DefMemPerCPU=100
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=5,bf_interval=5,batch_sched_delay=1
SlurmctldTimeout=10
SlurmdTimeout=10
MessageTimeout=5
TCPTimeout=2
BatchStartTimeout=10
KillWait=5
UnkillableStepTimeout=15
InactiveLimit=0
WaitTime=0
MinJobAge=600
JobRequeue=1
# A node that was lost comes back by itself; one that an operator set down does not.
ReturnToService=1
TreeWidth=50
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
NodeName=DEFAULT CPUs=${CPUS_PER_NODE} RealMemory=${MEMORY_PER_NODE_MB} State=UNKNOWN
${nodes.join('\n')}
PartitionName=DEFAULT Nodes=ALL MaxTime=1-0 DefaultTime=10 State=UP OverSubscribe=NO
PartitionName=batch Default=YES PriorityTier=10 PreemptMode=OFF
PartitionName=service Default=NO PriorityTier=10 PreemptMode=OFF
PartitionName=scavenge Default=NO PriorityTier=1 PreemptMode=REQUEUE GraceTime=5
`;
}

/** A command of SLURM's that notes when it was called, and with what, before it does what the real one does. */
export function counter(program: string, real: string, calls: string): string {
  return `#!/bin/sh
printf '%s %s %s\\n' "$(date +%s%3N)" ${program} "$*" >> '${calls}'
exec '${real}' "$@"
`;
}
