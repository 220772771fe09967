import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { attempt, execute } from '../../slurm/harness/execute.ts';
import { until } from '../../system/harness/until.ts';
import { meetNeeds } from './needs.ts';

/** The checkout whose tests these are. */
export const CHECKOUT = resolve(import.meta.dirname, '..', '..', '..');

/** Where an engine of the tests' own keeps its images from one run to the next, and its plugins. */
const FOLDER = join(CHECKOUT, '.cache', 'engine');

const START_MS = 60_000;
const IMAGES_MS = 900_000;

/** A Docker engine with `docker compose`. */
export interface Engine extends AsyncDisposable {
  /** The variables by which programs reach it; none where it is the usual one. */
  readonly environment: Readonly<Record<string, string>>;
}

/** The engine that answers, else one that we start: it has the images that the tests need, and ends with its owner. */
export async function openEngine(): Promise<Engine> {
  const given = Object.fromEntries(['DOCKER_HOST', 'DOCKER_CONFIG', 'HOME'].flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])));
  if (await hasCompose(given)) return { environment: given, [Symbol.asyncDispose]: async () => {} };
  const config = join(FOLDER, 'config');
  await meetNeeds(config);
  const engine = await startEngine(config);
  try {
    await execute(['sh', join(import.meta.dirname, 'stand-ins.sh'), FOLDER], { ...process.env, ...engine.environment }, IMAGES_MS);
    return engine;
  } catch (error) {
    await engine[Symbol.asyncDispose]();
    throw error;
  }
}

/** Whether an engine answers that takes compose files. */
async function hasCompose(environment: Readonly<Record<string, string>>): Promise<boolean> {
  const asked = await Promise.all([['docker', 'version'], ['docker', 'compose', 'version']].map(async (command) => await attempt(command, environment)));
  return asked.every(({ code }) => code === 0);
}

async function startEngine(config: string): Promise<Engine> {
  // Paths of sockets are short.
  const folder = mkdtempSync(join(tmpdir(), 'sluice-engine-'));
  const data = join(FOLDER, 'data');
  mkdirSync(data, { recursive: true });
  // A group of its own: Ctrl-C on the terminal is for us, and the pipe tells it of our end, however that comes.
  const keeper = spawn('sh', [join(import.meta.dirname, 'engine.sh'), folder, data], { stdio: ['pipe', 'ignore', 'inherit'], detached: true });
  keeper.stdin.on('error', () => {});
  const ended = new Promise<void>((done) => void keeper.once('exit', () => done()).once('error', () => done()));
  // Ryuk, which clears up after testcontainers, would have to come from a registry; this engine clears up by its end.
  const environment = { DOCKER_HOST: `unix://${folder}/docker.sock`, DOCKER_CONFIG: config, TESTCONTAINERS_RYUK_DISABLED: 'true' };
  const stop = async (): Promise<void> => {
    keeper.stdin.end();
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await until('the engine answers', async () => keeper.exitCode !== null || (await hasCompose(environment)), START_MS);
    if (keeper.exitCode !== null) throw new Error(`dockerd did not start: ${readFileSync(join(folder, 'dockerd.log'), 'utf8').trimEnd().split('\n').at(-1)}`);
    return { environment, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
