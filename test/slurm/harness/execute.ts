import { startCommand, type End } from '../../system/harness/command.ts';

/** Longest run of a command that changes the cluster. */
const TIMEOUT_MS = 60_000;

/** Programs of Debian's administration are not on every user's PATH. */
const ADMIN_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Runs a command as root, in `/`, to its end; killed after a minute. Its environment is PATH and what is given. */
export async function attempt(command: readonly string[], environment: NodeJS.ProcessEnv = {}, timeoutMs = TIMEOUT_MS): Promise<End> {
  const [file = '', ...parameters] = command;
  const running = startCommand(file, parameters, '/', { PATH: ADMIN_PATH, LC_ALL: 'C', ...environment });
  const timer = setTimeout(() => running.signal('SIGKILL'), timeoutMs);
  try {
    return await running.ended;
  } finally {
    clearTimeout(timer);
  }
}

/** What a command that has to succeed prints; throws with all that it printed where it does not. */
export async function execute(command: readonly string[], environment: NodeJS.ProcessEnv = {}, timeoutMs = TIMEOUT_MS): Promise<string> {
  const end = await attempt(command, environment, timeoutMs);
  if (end.code === 0) return end.stdout;
  throw new Error(`${command.join(' ')}: exit code ${end.code ?? end.signal}: ${end.stderr.trim() || end.stdout.trim()}`);
}
