import { GRACE_SECONDS } from '../runtime/limits.ts';
import { standingName } from './job-name.ts';
import { DEFAULT_NODES, DEFAULT_TASKS, DEFAULT_TIME, IDLE_EXIT_SECONDS, JITTER_SECONDS, NOTICE_SECONDS, type LaunchOptions, type Way } from './launch-options.ts';
import { batchScript } from './script.ts';

const SUBMIT = [
  'Submit it from the checkout, after `npm run setup` and `sluice up --host auto`:',
  '',
];

const NEXT = [
  '',
  'Consumers find the broker by SLUICE_CONNECTION, else in data/ here, else in ~/.sluice; they serve every table, and',
  'leave when there has been no job for a while. `sluice launch` writes the same script from options.',
];

/** What each file says of itself: what it is, when to use it, what to change. */
const COMMENTS: Readonly<Record<Way, readonly string[]>> = {
  array: [
    'Consumers of one CPU each, as the tasks of one job array: the way to take what is free here and there on a busy',
    'cluster. Each starts as soon as one CPU is free anywhere.',
    '',
    ...SUBMIT,
    '    sbatch slurm/array.sbatch',
    '',
    'Change: --array for more or fewer consumers (1-500%50: 500, at most 50 at once); --cpus-per-task, for points that',
    'compute in parallel; --mem-per-cpu, --time; add --partition and --account where the site asks for them.',
    ...NEXT,
  ],
  large: [
    'One consumer on one whole node, with as many computations at once as the node has CPUs: the way for a large server,',
    'or where the wait for one node is short. One set of connections, one log.',
    '',
    ...SUBMIT,
    '    sbatch slurm/large.sbatch',
    '',
    'Change: --time; --constraint for a kind of node; for a part of a node, --cpus-per-task=32 and --mem-per-cpu=2G in',
    'place of --exclusive and --mem; add --partition and --account where the site asks for them.',
    ...NEXT,
  ],
  cluster: [
    'One consumer on each of several whole nodes, with as many computations at once as its node has CPUs: the way for a',
    'large table. Each node joins when it is free. `sluice launch cluster` asks for nodes as the work needs them;',
    'this file asks for a fixed number.',
    '',
    ...SUBMIT,
    '    sbatch slurm/cluster.sbatch',
    '',
    'Change: --array for the number of nodes; --time; --constraint for a kind of node; add --partition and --account',
    'where the site asks for them.',
    ...NEXT,
  ],
};

const TASKS: Readonly<Record<Way, number>> = { array: DEFAULT_TASKS, large: 1, cluster: DEFAULT_NODES };

/** What slurm/WAY.sbatch holds: the script of the default options, for submission from the checkout as it stands. */
export function standingScript(way: Way): string {
  const options: LaunchOptions = {
    way,
    name: standingName(way),
    tables: [],
    tasks: TASKS[way],
    cpus: way === 'array' ? 1 : undefined,
    mem: undefined,
    time: DEFAULT_TIME,
    sbatch: [],
    idleExitSeconds: IDLE_EXIT_SECONDS,
    jitterSeconds: JITTER_SECONDS,
    graceSeconds: GRACE_SECONDS,
    noticeSeconds: NOTICE_SECONDS,
    insecurePlain: false,
    places: undefined,
  };
  return batchScript(options, COMMENTS[way]);
}
