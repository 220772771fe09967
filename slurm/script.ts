import { ALLOCATION_END, LEFT_AS_ASKED, requireFile, runInBackground, TRAPS, WAS_WARNED } from './batch-shell.ts';
import { directives, launchFlags } from './directives.ts';
import type { LaunchOptions, Places } from './launch-options.ts';
import { shellWord } from './quote.ts';

/** The one file that every consumer runs. */
const CONSUMER = 'dist/consumer.mjs';

/** SLURM warns of an end up to so long before the time that it was asked for. */
const EARLY_SECONDS = 60;

/**
 * The batch script of a launch, for bash 4 and newer; `comment` stands on top of it. It holds no secret: the consumers
 * read those from the connection file.
 */
export function batchScript(options: LaunchOptions, comment: readonly string[]): string {
  return [
    '#!/bin/bash',
    ...comment.map((line) => `# ${line}`.trimEnd()),
    ...directives(launchFlags(options), options.sbatch),
    '',
    ...(options.setup === undefined ? [] : [options.setup, '']),
    'set -u',
    ...placesLines(options.places),
    ...(options.insecurePlain ? ['export SLUICE_INSECURE_PLAIN=1'] : []),
    '# A URL from the shell that submitted this would outrank the connection file, and may be one for that host alone.',
    'unset REDIS_URL',
    '',
    requireFile(CONSUMER),
    '',
    TRAPS,
    '',
    '# A consumer takes nothing that it cannot finish; where it does not learn the end, the warning has to do.',
    ALLOCATION_END,
    '',
    knownWarning(options.noticeSeconds + EARLY_SECONDS),
    '',
    runInBackground(CONSUMER, consumerWords(options)),
    '# To have left at the warning is no failure.',
    `if [[ ${WAS_WARNED} && ${LEFT_AS_ASKED} ]]; then code=0; fi`,
    'exit "$code"',
    '',
  ].join('\n');
}

function placesLines(places: Places | undefined): string[] {
  if (places === undefined) return ['checkout=$SLURM_SUBMIT_DIR', 'node=$checkout/node_modules/.bin/node'];
  return [`checkout=${shellWord(places.checkout)}`, `node=${shellWord(places.node)}`, `export SLUICE_CONNECTION=${shellWord(places.connection)}`];
}

function consumerWords({ tables, idleExitSeconds, graceSeconds, jitterSeconds }: LaunchOptions): (string | number)[] {
  return [...tables, '--idle-exit', idleExitSeconds, '--grace', graceSeconds, '--jitter', jitterSeconds];
}

/** Lines that keep the warning of an end within `seconds` that the consumer knows from it. */
function knownWarning(seconds: number): string {
  return `# The warning of an end that the consumer knows is none to it: what it has begun is over before that, and would be thrown
# away at the end of its grace. A warning that comes earlier is of another end, as of preemption.
warned() {
  if [[ -n \${SLURM_JOB_END_TIME:-} ]] && ((SLURM_JOB_END_TIME - $(date +%s) <= ${seconds})); then return; fi
  ask_to_leave USR1
}
trap warned USR1`;
}
