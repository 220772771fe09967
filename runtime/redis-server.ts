import { spawn, type ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { readFileSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { findRedisServer, serverEnvironment } from '../setup/find-redis.mjs';
import { SluiceError, messageOf } from './errors.ts';
import type { Log } from './log.ts';
import { addressAt, newPassword, readPlace, writeConfiguration, type RedisListener, type RedisPlace } from './redis-configuration.ts';
import { answersPing } from './redis-ping.ts';
import type { RedisAddress } from './redis-address.ts';
import { pause, settledWithin } from './wait.ts';

/** Where a server listens unless told. */
export const LOOPBACK: RedisListener = { host: '127.0.0.1' };

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

/** A port that is free in all likelihood, and a new password. */
function chooseDoor(): Pick<RedisPlace, 'port' | 'password'> {
  return { port: randomInt(FIRST_PORT, LAST_PORT + 1), password: newPassword() };
}

/**
 * Starts a private Redis at the listener's address and at no other: password in a configuration file that only we can
 * read, append-only file, no eviction. It comes to the port that the folder's last one had, so that whoever waits for that one finds it, or
 * to a new one where another process has taken the port. Resolves when it answers; a SluiceError says why it does not.
 */
export async function startRedis(directory: string, log: Log, listener = LOOPBACK): Promise<RedisServer & { place: RedisPlace }> {
  const former = readPlace(resolve(directory));
  if (former !== undefined) await waitForEnd(former);
  for (let attempt = 1; ; attempt += 1) {
    const { port, password } = attempt === 1 && former !== undefined ? former : chooseDoor();
    const place: RedisPlace = { ...listener, directory: resolve(directory), port, password };
    try {
      return { ...(await startRedisAt(place, log)), place };
    } catch (error) {
      if (attempt === PORT_TRIES || !/in use|Failed listening/.test(messageOf(error))) throw error;
    }
  }
}

/** Whether the server at this place answers, and is the one whose files are there. */
async function answers(place: RedisPlace): Promise<boolean> {
  return await answersPing(addressAt(place), realpathSync(place.directory));
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
    stdio: ['pipe', 'ignore', 'pipe'],
    // It needs no variable but what starts it: neither where a key is nor another Redis's URL.
    env: serverEnvironment(process.env),
    // A group of its own: Ctrl-C on the terminal is for us, who stop the server last.
    detached: true,
  });
  child.stdin.on('error', () => {});
  const ended = new Promise<void>((done) => {
    child.once('exit', () => done());
    child.once('error', () => done());
  });
  await answering(child, place);
  log.debug({ host: place.host, port: place.port, server: found.path }, 'redis answers');
  return { address: addressAt(place), ended, stop: () => stopServer(child, ended) };
}

async function stopServer(child: ChildProcess, ended: Promise<void>): Promise<void> {
  child.stdin?.end();
  if (await settledWithin(ended, STOP_TIMEOUT_MS)) return;
  if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  await ended;
}

async function answering(child: ChildProcess, place: RedisPlace): Promise<void> {
  let complaint = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (complaint += text));
  const deadlineMs = performance.now() + START_TIMEOUT_MS;
  while (!(await answers(place))) {
    if (child.exitCode !== null && lacksTls(complaint)) throw withoutTls();
    if (child.exitCode !== null) throw new SluiceError('redis-start', `redis-server did not start: ${lastLogLine(place)}`);
    if (performance.now() > deadlineMs) {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      throw new SluiceError('redis-start', `redis-server does not answer after ${START_TIMEOUT_MS / 1000} s: ${lastLogLine(place)}`);
    }
    await pause(ASK_MS);
  }
}

/** Whether a server that did not start has complained of its configuration's lines on TLS: it was built without. */
function lacksTls(complaint: string): boolean {
  return /'tls-[^']*'/.test(complaint);
}

function withoutTls(): SluiceError {
  return new SluiceError(
    'redis-without-tls',
    'this redis-server was built without TLS, and the broker is to leave the machine: put one with TLS first on PATH ' +
      '(module load redis, conda-forge), or allow an unencrypted one with --insecure-plain',
  );
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
