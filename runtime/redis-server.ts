import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { findRedisServer } from '../setup/find-redis.mjs';
import { SluiceError, messageOf } from './errors.ts';
import type { Log } from './log.ts';
import { makeFolder } from './make-folder.ts';
import { answersPing } from './redis-ping.ts';
import { parseRedisUrl, type RedisAddress } from './redis-address.ts';
import { pause, settledWithin } from './wait.ts';

/** The configuration file in a server's folder. */
const CONFIGURATION = 'redis.conf';

/** Longest start of a server; loading an append-only file of gigabytes takes its time. */
const START_TIMEOUT_MS = 60_000;

/** Time a server gets to write its file and end, before it is killed. */
const STOP_TIMEOUT_MS = 10_000;

/** Interval at which a starting server is asked whether it answers. */
const ASK_MS = 5;

/** Ports to choose from: above the well-known ones, below those that Linux gives to outgoing connections. */
const FIRST_PORT = 20_000;
const LAST_PORT = 32_767;

/** Tries at a port: the server itself says whether it is taken, and whoever looks first may be late. */
const PORT_TRIES = 10;

/** Bytes of the password: 256 bits. */
const PASSWORD_BYTES = 32;

/**
 * Runs the server as a child and ends it when our end of the pipe on standard input closes: so a server never
 * outlives its owner, however that dies. When the server ends first, so does the reader, and the exit code tells.
 */
const KEEPER = `exec 3<&0
"$0" "$1" </dev/null & server=$!
{ read -r line <&3; kill "$server"; } & reader=$!
wait "$server"; code=$?
kill "$reader" 2>/dev/null
exit "$code"`;

/** A private Redis server that this process owns. */
export interface RedisServer {
  readonly address: RedisAddress;
  /** Resolves when the server has ended, wanted or not. */
  readonly ended: Promise<void>;
  /** Ends it: its append-only file is complete afterwards. */
  stop(): Promise<void>;
}

/** Where a server keeps its files and how it is reached; the same place and address survive a restart. */
export interface RedisPlace {
  readonly directory: string;
  readonly port: number;
  readonly password: string;
}

/** A place on this machine's loopback: a port that is free in all likelihood, and a new password. */
export function choosePlace(directory: string): RedisPlace {
  const password = randomBytes(PASSWORD_BYTES).toString('hex');
  return { directory: resolve(directory), port: randomInt(FIRST_PORT, LAST_PORT + 1), password };
}

/**
 * Starts a private Redis on the loopback: password in a configuration file that only we can read, append-only file,
 * no eviction. It comes to the place that the folder's last one had, so that whoever waits for that one finds it, or
 * to a new one where another process has taken the port. Resolves when it answers; a SluiceError says why it does not.
 */
export async function startRedis(directory: string, log: Log): Promise<RedisServer & { place: RedisPlace }> {
  const former = readPlace(resolve(directory));
  if (former !== undefined) await waitForEnd(former);
  for (let attempt = 1; ; attempt += 1) {
    const place = attempt === 1 && former !== undefined ? former : choosePlace(directory);
    try {
      return { ...(await startRedisAt(place, log)), place };
    } catch (error) {
      if (attempt === PORT_TRIES || !/in use|Failed listening/.test(messageOf(error))) throw error;
    }
  }
}

/** The place of the folder's last server, as its configuration file has it. */
function readPlace(directory: string): RedisPlace | undefined {
  try {
    const text = readFileSync(join(directory, CONFIGURATION), 'utf8');
    const field = (name: string): string => new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? '';
    const [port, password] = [Number(field('port')), field('requirepass')];
    return port > 0 && password !== '' ? { directory, port, password } : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the server at this place answers, and is the one whose files are there. */
async function answers(place: RedisPlace): Promise<boolean> {
  return await answersPing(place.port, place.password, realpathSync(place.directory));
}

/** Waits until the server of an owner that was killed has written its file and ended. */
async function waitForEnd(place: RedisPlace): Promise<void> {
  const deadlineMs = performance.now() + STOP_TIMEOUT_MS;
  while (performance.now() < deadlineMs && (await answers(place))) await pause(ASK_MS);
}

/** Starts it at a place chosen before; what its append-only file holds is there again. */
export async function startRedisAt(place: RedisPlace, log: Log): Promise<RedisServer> {
  const found = findRedisServer(process.env, resolve(import.meta.dirname, '..'));
  if (found === undefined) throw new SluiceError('no-redis-server', 'no redis-server or valkey-server on this machine; type `npm run setup`');
  const configuration = writeConfiguration(place);
  const child = spawn('/bin/sh', ['-c', KEEPER, found.path, configuration], {
    stdio: ['pipe', 'ignore', 'ignore'],
    // A group of its own: Ctrl-C on the terminal is for us, who stop the server last.
    detached: true,
  });
  child.stdin.on('error', () => {});
  const ended = new Promise<void>((done) => {
    child.once('exit', () => done());
    child.once('error', () => done());
  });
  const address = parseRedisUrl(`redis://:${place.password}@127.0.0.1:${place.port}`);
  await answering(child, place);
  log.debug({ port: place.port, server: found.path }, 'redis answers');
  return { address, ended, stop: () => stopServer(child, ended) };
}

async function stopServer(child: ChildProcess, ended: Promise<void>): Promise<void> {
  child.stdin?.end();
  if (await settledWithin(ended, STOP_TIMEOUT_MS)) return;
  if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  await ended;
}

async function answering(child: ChildProcess, place: RedisPlace): Promise<void> {
  const deadlineMs = performance.now() + START_TIMEOUT_MS;
  while (!(await answers(place))) {
    if (child.exitCode !== null) throw new SluiceError('redis-start', `redis-server did not start: ${lastLogLine(place)}`);
    if (performance.now() > deadlineMs) {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      throw new SluiceError('redis-start', `redis-server does not answer after ${START_TIMEOUT_MS / 1000} s: ${lastLogLine(place)}`);
    }
    await pause(ASK_MS);
  }
}

function writeConfiguration(place: RedisPlace): string {
  makeFolder(place.directory, 0o700);
  const file = join(place.directory, CONFIGURATION);
  const lines = [
    'bind 127.0.0.1',
    `port ${place.port}`,
    `requirepass ${place.password}`,
    `dir "${place.directory.replaceAll(/[\\"]/g, '\\$&')}"`,
    'logfile "redis.log"',
    'appendonly yes',
    'appendfsync everysec',
    'save ""',
    'maxmemory-policy noeviction',
    'daemonize no',
  ];
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 });
  return file;
}

function lastLogLine(place: RedisPlace): string {
  const file = join(place.directory, 'redis.log');
  try {
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    return `${lines.findLast((line) => /[#*]/.test(line)) ?? 'no reason given'} (${file})`;
  } catch {
    return `it wrote no ${file}`;
  }
}
