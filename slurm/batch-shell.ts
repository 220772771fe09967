import { shellWord } from './quote.ts';

/** Lines that end the job with one line where the node does not see `file` of the checkout, or Node. */
export function requireFile(file: string): string {
  return `if [[ ! -f $checkout/${file} || ! -x $node ]]; then
  echo "sluice: $(hostname) sees no $checkout/${file}, or no $node;" \\
    "submit from the checkout, after 'npm run setup', on a file system that all nodes share" >&2
  exit 1
fi`;
}

/** Lines that hand on SLURM's signals; `came` lists afterwards those that came. */
export const TRAPS = `# SLURM's warning (USR1) reaches this shell alone, which asks the process below to leave, by TERM: a Node that has only
# just been started takes USR1 for a request to open its debugger to everybody on the host. Before there is a process,
# the shell just ends.
came=
ask_to_leave() {
  came+=" $1"
  [[ -n \${!:-} ]] || exit 0
  kill -s TERM "$!" 2>/dev/null
}
trap 'ask_to_leave USR1' USR1
trap 'ask_to_leave TERM' TERM`;

/** Lines that export SLURM_JOB_END_TIME, the end of the allocation in seconds since 1970, where it can be learned. */
export const ALLOCATION_END = `# SLURM before release 23 does not tell a job when it ends; the controller may not tell either.
if [[ -z \${SLURM_JOB_END_TIME:-} ]]; then
  task=\${SLURM_ARRAY_JOB_ID:-$SLURM_JOB_ID}\${SLURM_ARRAY_TASK_ID:+_$SLURM_ARRAY_TASK_ID}
  ends=$(SLURM_TIME_FORMAT=%s timeout 10 scontrol show job "$task" 2>/dev/null | grep -m 1 -oE ' EndTime=[0-9]{10,}')
  if [[ -n $ends ]]; then export SLURM_JOB_END_TIME=\${ends#*=}; fi
fi`;

/** A command of Node and what comes after it in the checkout, run where the traps run; `code` is its exit code afterwards. */
export function runInBackground(file: string, words: readonly (string | number)[]): string {
  return `# In the background, since bash runs no trap while it waits for a program in the foreground.
"$node" "$checkout/${file}" ${words.map((word) => shellWord(String(word))).join(' ')} &
wait "$!"
code=$?
# A signal ends \`wait\` before the process has left.
while kill -0 "$!" 2>/dev/null; do
  wait "$!"
  code=$?
done`;
}

/** Whether SLURM has warned, as a condition of the shell. */
export const WAS_WARNED = '$came == *USR1*';

/** Whether `code` is that of a process which left when it was asked to. */
export const LEFT_AS_ASKED = '$code -eq $((128 + $(kill -l TERM)))';
