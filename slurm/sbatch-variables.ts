/** Names of variables and short options whose long option is called otherwise, or is contradicted by them. */
const LONG: ReadonlyMap<string, string> = new Map([
  ['array-inx', 'array'], ['timelimit', 'time'], ['no-requeue', 'requeue'],
  // sbatch takes one of the three, and without --error the output is that of both.
  ['mem-per-cpu', 'mem'], ['mem-per-gpu', 'mem'], ['mem-per-node', 'mem'], ['error', 'output'],
  ['A', 'account'], ['C', 'constraint'], ['G', 'gpus'], ['O', 'overcommit'], ['S', 'core-spec'], ['k', 'no-kill'], ['m', 'distribution'],
  ['p', 'partition'], ['q', 'qos'], ['t', 'time'],
]);

/** Never the user's: a broker is no array, and an sbatch that waits for its job is killed before that ends. */
const NEVER = ['array', 'wait'];

/**
 * Whether sbatch may see the variable `name` with this script: it lets SBATCH_PARTITION and its like override the script's
 * own lines. What the script says holds; what it does not say stays the user's.
 */
export function maySee(name: string, script: string): boolean {
  if (!name.startsWith('SBATCH_')) return true;
  const option = longName(name.slice('SBATCH_'.length).toLowerCase().replaceAll('_', '-'));
  return !NEVER.includes(option) && !optionsIn(script).has(option);
}

/** The long names of the options in the #SBATCH lines of a script. */
function optionsIn(script: string): ReadonlySet<string> {
  return new Set([...script.matchAll(/^#SBATCH (?:--([a-z-]+)|-([A-Za-z]))/gm)].map(([, long, short]) => longName(long ?? short!)));
}

function longName(option: string): string {
  return LONG.get(option) ?? option;
}
