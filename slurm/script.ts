import { directives } from './directives.ts';
import type { LaunchOptions, Places } from './launch-options.ts';
import { shellWord } from './quote.ts';

/**
 * The batch script of a launch, for bash 4 and newer; `comment` stands on top of it. It holds no secret: the consumers
 * read those from the connection file.
 */
export function batchScript(options: LaunchOptions, comment: readonly string[]): string {
  return [
    '#!/bin/bash',
    ...comment.map((line) => `# ${line}`.trimEnd()),
    ...directives(options),
    '',
    ...(options.setup === undefined ? [] : [options.setup, '']),
    'set -u',
    ...placesLines(options.places),
    ...(options.insecurePlain ? ['export SLUICE_INSECURE_PLAIN=1'] : []),
    BODY,
    `"$node" "$checkout/dist/consumer.mjs" ${consumerWords(options)} &`,
    WAITING,
    '',
  ].join('\n');
}

function placesLines(places: Places | undefined): string[] {
  if (places === undefined) return ['checkout=$SLURM_SUBMIT_DIR', 'node=$checkout/node_modules/.bin/node'];
  return [`checkout=${shellWord(places.checkout)}`, `node=${shellWord(places.node)}`, `export SLUICE_CONNECTION=${shellWord(places.connection)}`];
}

function consumerWords({ tables, idleExitSeconds, graceSeconds, jitterSeconds }: LaunchOptions): string {
  const words = [...tables, '--idle-exit', idleExitSeconds, '--grace', graceSeconds, '--jitter', jitterSeconds];
  return words.map((word) => shellWord(String(word))).join(' ');
}

const BODY = `# A URL from the shell that submitted this would outrank the connection file, and may be one for that host alone.
unset REDIS_URL

if [[ ! -f $checkout/dist/consumer.mjs || ! -x $node ]]; then
  echo "sluice: $(hostname) sees no $checkout/dist/consumer.mjs, or no $node;" \\
    "submit from the checkout, after 'npm run setup', on a file system that all nodes share" >&2
  exit 1
fi

# SLURM's warning (USR1) reaches this shell alone, which asks the consumer to leave, by TERM: a Node that has only just
# been started takes USR1 for a request to open its debugger to everybody on the host. Before there is a consumer, the
# shell just ends.
warned=
ask_to_leave() {
  [[ -n \${!:-} ]] || exit 0
  kill -s TERM "$!" 2>/dev/null
}
trap 'warned=1; ask_to_leave' USR1
trap ask_to_leave TERM

# A consumer takes nothing that it cannot finish. SLURM before release 23 does not tell it when the allocation ends;
# where the controller does not say it either, the warning has to do.
if [[ -z \${SLURM_JOB_END_TIME:-} ]]; then
  task=\${SLURM_ARRAY_JOB_ID:-$SLURM_JOB_ID}\${SLURM_ARRAY_TASK_ID:+_$SLURM_ARRAY_TASK_ID}
  ends=$(SLURM_TIME_FORMAT=%s timeout 10 scontrol show job "$task" 2>/dev/null | grep -m 1 -oE ' EndTime=[0-9]{10,}')
  if [[ -n $ends ]]; then export SLURM_JOB_END_TIME=\${ends#*=}; fi
fi

# In the background, since bash runs no trap while it waits for a program in the foreground.`;

const WAITING = `wait "$!"
code=$?
# A signal ends \`wait\` before the consumer has left.
while kill -0 "$!" 2>/dev/null; do
  wait "$!"
  code=$?
done
# To have left at the warning is no failure.
if [[ -n $warned && $code -eq $((128 + $(kill -l TERM))) ]]; then code=0; fi
exit "$code"`;
