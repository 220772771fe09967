import { chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { End } from '../../system/harness/command.ts';
import { storedRows } from '../../system/harness/table.ts';
import { until } from '../../system/harness/until.ts';
import { homeOf, USERS, type Plan } from './plan.ts';
import { slurm, trySlurm } from './places.ts';
import { untilTold } from './until-told.ts';
import { startAs } from './users.ts';

/** What `sluice status --json` tells of one consumer, as far as tests ask. */
export interface SeenOnNode {
  readonly host: string;
  readonly pid: number;
  readonly job: string | null;
  readonly alive: boolean;
  readonly rows: number;
  readonly slots: number;
  readonly running: number;
}

/** A folder of ada's in which she works: with a broker of its own for the nodes, under a namespace of its own. */
export interface Project extends AsyncDisposable {
  readonly folder: string;
  readonly data: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Runs a command as ada in the folder on the login host, to its end, however that is. */
  run(...command: string[]): Promise<End>;
  /** Runs `sluice PARAMETERS --json`; throws with all that it printed unless it exits with 0. */
  sluice(...parameters: string[]): Promise<Record<string, unknown>>;
  /** Launches consumers of `way`, of `cluster` so many nodes, and resolves with the job's number once so many of them take jobs. */
  launch(way: string, consumers: number, ...options: string[]): Promise<string>;
  /** The consumers that are alive, as `status` tells. */
  consumers(): Promise<SeenOnNode[]>;
  /** Resolves once `rows` rows of `table` are stored; throws where that takes too long. */
  stored(table: string, rows: number, timeoutMs?: number): Promise<void>;
  /** Writes a file of ada's in the folder and returns its path. */
  file(name: string, text: string): string;
}

/** Longest wait for a table to be complete. */
export const COMPLETE_MS = 240_000;

/** Consumers wait so long for jobs, however slow the others and the test are; the project's end cancels them. */
const PATIENT = ['--idle-exit', '600'];

/** How a broker is brought up on the login host. */
const AT_LOGIN = ['--host', 'auto', '--detach'];

/** A project called `name`, with its broker up for the nodes by `sluice up UP`; its end takes the broker and its jobs with it. */
export async function openProject(plan: Plan, name: string, up: readonly string[] = AT_LOGIN): Promise<Project> {
  const folder = join(homeOf(plan.homes, 'ada'), 'projects', name);
  mkdirSync(folder, { recursive: true });
  for (const path of [folder, join(folder, '..')]) chownSync(path, USERS.ada, USERS.ada);
  const environment = { SLUICE_NAMESPACE: name };
  const run = async (...command: string[]): Promise<End> => await startAs(plan, 'ada', command, { folder, environment }).ended;
  const sluice = async (...parameters: string[]): Promise<Record<string, unknown>> => {
    const end = await run('sluice', ...parameters, '--json');
    if (end.code !== 0) throw new Error(`sluice ${parameters.join(' ')}: exit code ${end.code ?? end.signal}: ${end.stderr}${end.stdout}`);
    return JSON.parse(end.stdout) as Record<string, unknown>;
  };
  const consumers = async (): Promise<SeenOnNode[]> => {
    const { consumers: seen } = (await sluice('status')) as { consumers: SeenOnNode[] };
    return seen.filter(({ alive }) => alive);
  };
  const data = join(folder, 'data');
  const project: Project = {
    folder,
    data,
    environment,
    run,
    sluice,
    consumers,
    launch: async (way, wanted, ...options) => {
      const nodes = way === 'cluster' && !options.includes('--nodes') ? ['--nodes', String(wanted)] : [];
      const { job } = await sluice('launch', way, ...nodes, ...PATIENT, ...options);
      await untilTold(`${wanted} consumers take jobs`, async () => (await consumers()).length >= wanted);
      return String(job);
    },
    stored: async (table, rows, timeoutMs = COMPLETE_MS) => {
      await until(`${rows} rows of ${table} are stored`, () => storedRows(data, table) >= rows, timeoutMs);
    },
    file: (file, text) => {
      writeFileSync(join(folder, file), text);
      chownSync(join(folder, file), USERS.ada, USERS.ada);
      return join(folder, file);
    },
    [Symbol.asyncDispose]: async () => {
      await endJobs(plan);
      await run('sluice', 'down');
    },
  };
  await sluice('up', ...up);
  return project;
}

/** Ends all jobs of the cluster and resolves once there is none. */
export async function endJobs(plan: Plan): Promise<void> {
  await trySlurm(plan, 'scancel', '--user=ada');
  await untilTold('no job is left', async () => (await slurm(plan, 'squeue', '--noheader')).trim() === '');
}
