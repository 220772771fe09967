import { EXIT, SluiceError } from '../runtime/errors.ts';

/** What a command of SLURM printed, and its exit code; null where it was killed. */
interface Answer {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What SLURM says, our code for it, and what it means with what to do next. */
interface Rule {
  readonly pattern: RegExp;
  readonly code: string;
  readonly says: string;
  /** Whether the request was at fault, not the cluster. */
  readonly isMistake: boolean;
}

/** The controller cannot have taken the command: there was no connection to it. */
const NOT_HEARD = /unable to contact slurm controller \(connect failure\)|connection refused/i;

/** Nobody knows whether the controller has taken the command. */
const PERHAPS_HEARD = /unable to contact slurm controller|socket timed out|zero bytes were transmitted/i;

const mistakes = (rules: readonly (readonly [RegExp, string, string])[]): Rule[] =>
  rules.map(([pattern, code, says]) => ({ pattern, code, says, isMistake: true }));

/** Refusals that SLURM 22.05 to 25 words so; the first rule that fits is taken. */
const RULES: readonly Rule[] = [
  ...mistakes([
    [/invalid partition/i, 'slurm-partition', 'there is no such partition; `sinfo -s` lists them: name one with --partition'],
    [/invalid account/i, 'slurm-account', 'your user may not use that account, or not in that partition; `sacctmgr show assoc user=$USER` lists yours: name one with --account'],
    [/invalid qos/i, 'slurm-qos', 'your account has no such quality of service; name another with --sbatch --qos=NAME'],
    [/time limit (is invalid|specification required)|invalid --?time/i, 'slurm-time', 'the partition does not grant that walltime; `sinfo -o "%P %l"` lists what each grants: ask for less with --time'],
    [/memory (required|specification)|invalid --mem/i, 'slurm-memory', 'no node has that memory; `sinfo -o "%P %m %c"` lists MB and CPUs: ask for less with --mem'],
    [/invalid feature/i, 'slurm-constraint', 'no node has that feature; `sinfo -o "%P %f"` lists them: change --constraint'],
    [/invalid job array/i, 'slurm-array', 'the cluster takes no array of that size; ask for fewer with --tasks'],
    [/node configuration is not available|cpu count|more processors|node count/i, 'slurm-resources', 'no node of the partition has that many CPUs with that memory; `sinfo -o "%P %c %m"` lists them: ask for less with --cpus or --mem'],
    [/group not permitted|access denied|permission denied/i, 'slurm-permission', 'your user may not submit there; choose another partition with --partition, or ask the site'],
    [/reservation/i, 'slurm-reservation', 'there is no such reservation, or it is not yours'],
    [/unrecognized option|invalid .*specification|mutually exclusive/i, 'slurm-option', 'sbatch does not take one of the options; see `man sbatch`'],
  ]),
  { pattern: /violates accounting\/qos policy|submit limit/i, code: 'slurm-policy', says: 'that is beyond what the site lets you have at once; ask for fewer or shorter jobs, or wait for others of yours to end', isMistake: false },
  { pattern: /not available \((inactive|down)|partition configuration not available/i, code: 'slurm-unavailable', says: 'the partition is closed or its nodes are down for now; `sinfo` shows it', isMistake: false },
  { pattern: /configuration source|slurm\.conf/i, code: 'no-slurm', says: 'SLURM is installed here and belongs to no cluster; type this on a login host of yours', isMistake: false },
  { pattern: /munge|authentication/i, code: 'slurm-authentication', says: 'SLURM does not recognise this user on this host; is munge running, and is this a login host of the cluster?', isMistake: false },
];

/** Whether the controller has certainly not taken the command, so that it may be sent again. */
export function wasNotHeard({ code, stderr }: Answer): boolean {
  return code !== 0 && NOT_HEARD.test(stderr);
}

/** Whether there was no answer: the command may have been taken or not. */
export function gaveNoAnswer(answer: Answer): boolean {
  return answer.code === null || wasNotHeard(answer) || PERHAPS_HEARD.test(answer.stderr);
}

/** The error of one line for a command of SLURM that failed: what SLURM said, what it means, what to do next. */
export function refusalOf(program: string, answer: Answer): SluiceError {
  const said = saidBy(answer.stderr);
  if (gaveNoAnswer(answer)) {
    const perhaps = wasNotHeard(answer) ? '' : '; it may have taken the command nevertheless: see `squeue --me`';
    return new SluiceError('slurm-unreachable', `SLURM's controller does not answer ${program}${said === '' ? '' : ` (${said})`}${perhaps}; \`scontrol ping\` tells when it is back`);
  }
  const rule = RULES.find(({ pattern }) => pattern.test(answer.stderr));
  if (rule === undefined) return new SluiceError('slurm-refuses', `${program} failed: ${said === '' ? `exit code ${answer.code}` : said}`);
  return new SluiceError(rule.code, `${program}: ${said}; ${rule.says}`, { exitCode: rule.isMistake ? EXIT.mistake : EXIT.failed });
}

/** The line that tells most: the last of SLURM's own, without its program's name; hints about help are none. */
function saidBy(stderr: string): string {
  const lines = stderr.split('\n').map((line) => line.replace(/^(\w+: )?(error|fatal|allocation failure|Batch job submission failed): /i, '').trim());
  return lines.filter((line) => line !== '' && !/^Try "|^slurm_load|retrying/i.test(line)).at(-1)?.replace(/^\w+: (error: )?/, '') ?? '';
}
