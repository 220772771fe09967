import { ALLOCATION_END, LEFT_AS_ASKED, requireFile, runInBackground, TRAPS, WAS_WARNED } from './batch-shell.ts';
import { directives, launchFlags } from './directives.ts';
import type { LaunchOptions, Places } from './launch-options.ts';
import { shellWord } from './quote.ts';

/** The one file that every consumer runs. */
const CONSUMER = 'dist/consumer.mjs';

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
