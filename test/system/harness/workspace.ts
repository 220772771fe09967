import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCommand, type Command, type End } from './command.ts';
import { processesIn, sendSignal } from './processes.ts';
import { until } from './until.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const SLUICE = join(ROOT, 'cli', 'sluice.mjs');

/** Time that processes have to end by themselves once all commands are gone: a guard's, a keeper's, a supervisor's. */
const LEAVE_MS = 60_000;

/** Variables that lead commands to a broker, a table or a runner that is not the test's. */
const FOREIGN = /^(REDIS_URL|TABLE_NAME|SLUICE_.*|VITEST.*|NODE_OPTIONS|NODE_V8_COVERAGE)$/;

/** A temporary folder in which commands run, with a home of their own; it leaves nothing behind. */
export interface Workspace extends AsyncDisposable {
  /** Absolute, without symbolic links; the folder in which commands run. */
  readonly folder: string;
  /** The data folder, `data` in it, where commands look by default. */
  readonly data: string;
  /** Starts `sluice PARAMETERS`. */
  sluice(...parameters: string[]): Command;
  /** The same with variables of its own. */
  sluiceWith(variables: Readonly<Record<string, string>>, ...parameters: string[]): Command;
  /** Starts the TypeScript file `file`. */
  script(file: string, ...parameters: string[]): Command;
  /** Runs `sluice PARAMETERS --json` to its end; throws with all that it printed unless it exits with `code`. */
  json(parameters: readonly string[], code?: number): Promise<Record<string, unknown>>;
  /** Writes a JSON file in the folder and returns its path. */
  file(name: string, content: unknown): string;
}

export interface WorkspaceOptions {
  /** Variables that commands see besides ours. */
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * Opens a workspace. Its end kills the commands that are left, and throws where a process that they started outlives
 * them (and kills that too), so that a test which leaks fails.
 */
export function openWorkspace(name: string, options: WorkspaceOptions = {}): Workspace {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), `sluice-${name}-`)));
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([variable]) => !FOREIGN.test(variable)));
  // The tests' own scripts start as fast as the command line, which keeps compiled code there.
  const cache = join(ROOT, '.cache', 'compiled');
  const environment = { ...inherited, HOME: folder, NODE_COMPILE_CACHE: cache, ...options.environment };
  const commands: Command[] = [];
  const start = (parameters: readonly string[], variables = {}): Command => {
    const command = startCommand(process.execPath, parameters, folder, { ...environment, ...variables });
    commands.push(command);
    return command;
  };
  const sluice = (...parameters: string[]): Command => start([SLUICE, ...parameters]);
  return {
    folder,
    data: join(folder, 'data'),
    sluice,
    sluiceWith: (variables, ...parameters) => start([SLUICE, ...parameters], variables),
    script: (file, ...parameters) => start([file, ...parameters]),
    json: async (parameters, code = 0) => documentOf(await sluice(...parameters, '--json').ended, parameters, code),
    file: (file, content) => {
      const path = join(folder, file);
      mkdirSync(join(path, '..'), { recursive: true });
      writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
      return path;
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(commands.map((command) => command.end('SIGKILL')));
      try {
        await expectNone(folder);
      } finally {
        rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
      }
    },
  };
}

/** The JSON document that a command printed; throws with all that it printed where it ended otherwise than with `code`. */
export function documentOf(end: End, parameters: readonly string[], code = 0): Record<string, unknown> {
  try {
    if (end.code === code) return JSON.parse(end.stdout) as Record<string, unknown>;
  } catch {
    // what was printed is told below
  }
  throw new Error(`sluice ${parameters.join(' ')}: expected exit code ${code} and a JSON document, found ${JSON.stringify(end, undefined, 2)}`);
}

/** Resolves once no process is left in the folder; else ends what is left, and throws. */
async function expectNone(folder: string): Promise<void> {
  try {
    await until(`no process is left in ${folder}`, () => processesIn(folder).length === 0, LEAVE_MS);
  } catch {
    const left = processesIn(folder);
    for (const { pid } of left) sendSignal(pid, 'SIGKILL');
    throw new Error(`processes were left behind: ${left.map(({ pid, command }) => `${pid} ${command}`).join('; ')}`);
  }
}
