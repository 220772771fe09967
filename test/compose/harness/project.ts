import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCommand, type Command } from '../../system/harness/command.ts';
import { readTable, type TableContent } from '../../system/harness/table.ts';
import { CHECKOUT } from './engine.ts';

/** Longest of a command: the first build fetches all packages. */
const TIMEOUT_MS = 600_000;

/** The containers of this checkout's docker-compose.yml under a name of the test's own; its end removes them and their volumes. */
export interface Project extends AsyncDisposable {
  /** Starts `docker compose PARAMETERS`. */
  start(parameters: readonly string[], variables?: Readonly<Record<string, string>>): Command;
  /** What `docker compose PARAMETERS` prints; throws with all that it printed where it fails. */
  compose(parameters: readonly string[], variables?: Readonly<Record<string, string>>): Promise<string>;
  /** The same of `docker PARAMETERS`. */
  docker(...parameters: string[]): Promise<string>;
  /** The containers of a service, or of all where none is named: those that have ended too, or only those that run. */
  containers(service?: string, which?: 'all' | 'running'): Promise<string[]>;
  /** What the database holds of a table; none may be written at the moment. */
  read(table: string): Promise<TableContent>;
}

/** A project on the engine that `environment` names. Nothing is started. */
export function openProject(environment: Readonly<Record<string, string>>): Project {
  const name = `sluice-test-${process.pid}`;
  const start = (file: readonly string[], variables: Readonly<Record<string, string>> = {}): Command =>
    startCommand('docker', file, CHECKOUT, { PATH: process.env['PATH'], HOME: tmpdir(), COMPOSE_PROJECT_NAME: name, ...environment, ...variables });
  const run = async (parameters: readonly string[], variables?: Readonly<Record<string, string>>): Promise<string> => {
    const command = start(parameters, variables);
    const timer = setTimeout(() => command.signal('SIGKILL'), TIMEOUT_MS);
    const end = await command.ended;
    clearTimeout(timer);
    if (end.code === 0) return end.stdout.trim();
    throw new Error(`docker ${parameters.join(' ')}: exit code ${end.code ?? end.signal}: ${end.stderr.trim() || end.stdout.trim()}`);
  };
  const containers = async (service?: string, which = 'all'): Promise<string[]> => {
    const filters = [`com.docker.compose.project=${name}`, ...(service === undefined ? [] : [`com.docker.compose.service=${service}`])];
    const listed = await run(['ps', '--quiet', ...(which === 'all' ? ['--all'] : []), ...filters.flatMap((filter) => ['--filter', `label=${filter}`])]);
    return listed.split('\n').filter((id) => id !== '');
  };
  return {
    start: (parameters, variables) => start(['compose', ...parameters], variables),
    compose: async (parameters, variables) => await run(['compose', ...parameters], variables),
    docker: async (...parameters) => await run(parameters),
    containers,
    read: async (table) => {
      const folder = mkdtempSync(join(tmpdir(), 'sluice-compose-'));
      try {
        await run(['compose', 'cp', 'sink:/data/.', folder]);
        return readTable(folder, table);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
    [Symbol.asyncDispose]: async () => void (await run(['compose', '--profile', 'bigquery', '--profile', 'tools', 'down', '--volumes', '--remove-orphans', '--timeout', '1'])),
  };
}
