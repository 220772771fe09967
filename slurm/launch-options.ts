/** The three ways to get cores: many small consumers, one whole node, or whole nodes. */
export const WAYS = ['array', 'large', 'cluster'] as const;
export type Way = (typeof WAYS)[number];

/** Where a submitted script finds things, each an absolute path that every node sees under the same name. */
export interface Checkout {
  /** The checkout, with dist/consumer.mjs and cli/sluice.mjs in it. */
  readonly checkout: string;
  /** The Node that runs them. */
  readonly node: string;
  /** Folder of the logs. */
  readonly logs: string;
}

/** The same, and how its consumers find their broker. */
export interface Places extends Checkout {
  /** The connection file of the broker. */
  readonly connection: string;
}

/** What any batch script of ours asks of SLURM. */
export interface JobRequest {
  /** The job's name, by which it is found again. */
  readonly name: string;
  /** CPUs of a task; undefined takes whole nodes, and is not for arrays. */
  readonly cpus: number | undefined;
  /** Memory of a task in sbatch's form (`4G`, `0` for all of the node); undefined asks for MEMORY_PER_CPU, or for all of a whole node. */
  readonly mem: string | undefined;
  /** Walltime, in sbatch's forms. */
  readonly time: string;
  readonly partition?: string | undefined;
  readonly account?: string | undefined;
  readonly constraint?: string | undefined;
  /** Shell lines that run before the work, as in `ml nodejs`. */
  readonly setup?: string | undefined;
  /** Further options of sbatch, as in `--qos=high`; they come last, and so win. */
  readonly sbatch: readonly string[];
  /** How long before the walltime's end SLURM warns; it may do so up to 60 s earlier. */
  readonly noticeSeconds: number;
}

/** What a batch script asks of SLURM and of its consumers; the script is a pure function of it. */
export interface LaunchOptions extends JobRequest {
  readonly way: Way;
  /** Tables that the consumers serve; none stands for all. */
  readonly tables: readonly string[];
  /** Array tasks, each one consumer. */
  readonly tasks: number;
  readonly idleExitSeconds: number;
  readonly jitterSeconds: number;
  readonly graceSeconds: number;
  /** Whether the consumers may speak to Redis without TLS. */
  readonly insecurePlain: boolean;
  /** Where things are; undefined in a script that is submitted as it stands, from the checkout. */
  readonly places: Places | undefined;
}

/** Array tasks where nobody says how many: enough to be seen working, few enough for any account's limit. */
export const DEFAULT_TASKS = 12;

/** Whole nodes of slurm/cluster.sbatch as it stands. */
export const DEFAULT_NODES = 3;

/** Walltime: short jobs find gaps in a schedule, and nothing is lost when it ends. */
export const DEFAULT_TIME = '01:00:00';

/** Memory by CPU: Node and a thread take 150 MB, a block of 1000 x 1000 and its copy 16; the rest is a module's or a program's. */
export const MEMORY_PER_CPU = '800M';

/** Notice of the walltime's end: the grace for what runs, and far longer to deliver rows through a network that is slow. */
export const NOTICE_SECONDS = 60;

/** The notice of a job of so many seconds: a short one keeps most of its time to itself. */
export function noticeFor(walltimeSeconds: number): number {
  return Math.max(1, Math.min(NOTICE_SECONDS, Math.floor(walltimeSeconds / 4)));
}

/** A consumer without a job for so long leaves: long enough for a table to be planned again, short for an idle node. */
export const IDLE_EXIT_SECONDS = 30;

/** Consumers that SLURM starts at once connect within so many seconds, not in the same instant. */
export const JITTER_SECONDS = 5;
