import { join } from 'node:path';

/** What every cluster has: three nodes of four CPUs each, which are pretended where the machine has fewer. */
export const NODES = ['node1', 'node2', 'node3'] as const;
export const CPUS_PER_NODE = 4;
export const MEMORY_PER_NODE_MB = 4000;

export type NodeName = (typeof NODES)[number];

/** Accounts that exist within the cluster alone: the one who computes, and another who is curious. */
export const USERS = { ada: 20_001, eve: 20_002 } as const;

export type UserName = keyof typeof USERS;

/** The addresses are the same in every cluster, since each has a network of its own. */
export const LOGIN_ADDRESS = '10.77.0.1';

/** Addresses of the login host on its side of the world, to which nodes have no route; kept for documentation by RFC 5737. */
export const OUTSIDE_ADDRESS = '203.0.113.1';

/** Where everything of a cluster is; one state is kept for each number, so that several clusters can be up at once. */
export interface Plan {
  readonly id: number;
  /** The folder of all that follows; not in /tmp, which every node has for itself. */
  readonly folder: string;
  readonly homes: string;
  /** The users' copy of the checkout. */
  readonly checkout: string;
  readonly slurmConf: string;
  readonly logs: string;
  /** Wrappers of SLURM's commands that count how often they are called, and what they wrote. */
  readonly counters: string;
  readonly calls: string;
}

/** The plan of cluster `id`. */
export function planCluster(id: number): Plan {
  // Its end keeps the folder of cluster 1 from being the beginning of cluster 12's, by which processes are told apart.
  const folder = `/var/tmp/sluice-slurm-${id}.cluster`;
  const homes = join(folder, 'home');
  return {
    id,
    folder,
    homes,
    checkout: join(homeOf(homes, 'ada'), 'sluice'),
    slurmConf: join(folder, 'slurm.conf'),
    logs: join(folder, 'log'),
    counters: join(folder, 'bin'),
    calls: join(folder, 'calls', 'log'),
  };
}

/** A user's home folder. */
export function homeOf(homes: string, user: UserName): string {
  return join(homes, user);
}

/** The address of a node. */
export function addressOf(node: NodeName): string {
  return `10.77.0.${10 + numberOf(node)}`;
}

/** The hardware address of a node's only interface: the same after a reboot, so that no neighbour has to forget. */
export function hardwareAddressOf(node: NodeName): string {
  return `02:00:0a:4d:00:${(10 + numberOf(node)).toString(16)}`;
}

function numberOf(node: NodeName): number {
  return NODES.indexOf(node) + 1;
}
