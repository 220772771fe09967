import { Redis } from 'ioredis';
import { OLDEST_REDIS } from '../setup/find-redis.mjs';
import { SluiceError, messageOf } from './errors.ts';
import { redactUrl, type RedisAddress } from './redis-address.ts';
import { tlsOptions } from './redis-tls.ts';

/** Longest wait between two tries to reach a Redis that went away. */
const MAX_RETRY_MS = 2_000;

/** Interval of TCP keepalive: firewalls drop connections that stay idle for minutes. */
const KEEP_ALIVE_MS = 10_000;

/** A command without answer for so long means a dead route: the connection is made anew and the command sent again. */
const SOCKET_TIMEOUT_MS = 30_000;

/** Time that the first contact may take. */
const CONNECT_TIMEOUT_MS = 5_000;

/** What a connection is for: `commands` answer at once, `blocking` ones wait in Redis for work. */
type Purpose = 'commands' | 'blocking';

/** Ends a connection at once. One that has ended is left alone: ending it again would keep the process for two seconds. */
export function disconnect(redis: Redis): void {
  if (redis.status !== 'end') redis.disconnect();
}

/** How long a lost connection waits before its `times`-th try to come back. */
function reconnectDelayMs(times: number): number {
  return Math.min(50 * times, MAX_RETRY_MS);
}

/**
 * Options under which a connection outlives its server: it reconnects for ever, keeps commands meanwhile and sends
 * again those that got no answer. So a command may run twice, and every one of ours may.
 */
function connectionOptions(address: RedisAddress, purpose: Purpose) {
  return {
    connectTimeout: CONNECT_TIMEOUT_MS,
    keepAlive: KEEP_ALIVE_MS,
    maxRetriesPerRequest: null,
    retryStrategy: reconnectDelayMs,
    ...(purpose === 'commands' ? { socketTimeout: SOCKET_TIMEOUT_MS } : {}),
    ...(address.url.startsWith('rediss:') ? { tls: tlsOptions(address) } : {}),
  };
}

/** A connection that waits in Redis for work, to a server that was reached before; it comes back whenever it is lost. */
export function openBlocking(address: RedisAddress): Redis {
  const redis = new Redis(address.url, connectionOptions(address, 'blocking'));
  // The commands that need it wait for it.
  redis.on('error', () => {});
  return redis;
}

/**
 * A connection to a Redis that was seen to answer and to suit us: version, eviction policy. The first contact fails at
 * once; a connection that was made comes back whenever it is lost.
 * Throws a SluiceError of one line where it does not answer or suit; `advice` says what to type then.
 */
export async function connectRedis(address: RedisAddress, advice: string): Promise<Redis> {
  let reached = false;
  const retryStrategy = (times: number): number | null => (reached ? reconnectDelayMs(times) : null);
  const redis = new Redis(address.url, { ...connectionOptions(address, 'commands'), lazyConnect: true, retryStrategy });
  let lastError: unknown; // ioredis rejects with "Connection is closed."; the reason comes as an event
  redis.on('error', (error) => (lastError = error));
  try {
    await redis.connect();
    checkServer(await redis.info(), address);
    reached = true;
    return redis;
  } catch (thrown) {
    disconnect(redis);
    throw thrown instanceof SluiceError ? thrown : unreachable(address, lastError ?? thrown, advice);
  }
}

/**
 * Refuses a Redis that is too old, or that may throw away jobs and rows when its memory is full; `info` is its answer to
 * INFO. Throws SluiceErrors `redis-too-old` and `redis-evicts`.
 */
export function checkServer(info: string, address: RedisAddress): void {
  const field = (name: string): string => new RegExp(`^${name}:(.*)$`, 'm').exec(info)?.[1]?.trim() ?? '';
  const where = redactUrl(address.url);
  const [major = 0, minor = 0] = field('redis_version').split('.').map(Number);
  if (major < OLDEST_REDIS[0] || (major === OLDEST_REDIS[0] && minor < OLDEST_REDIS[1])) {
    throw new SluiceError('redis-too-old', `the Redis at ${where} is version ${field('redis_version')}; 6.2 or newer is needed`);
  }
  const policy = field('maxmemory_policy');
  if (policy !== 'noeviction') {
    throw new SluiceError(
      'redis-evicts',
      `the Redis at ${where} may evict jobs and rows (maxmemory-policy ${policy}); set it to noeviction: ` +
        'redis-cli config set maxmemory-policy noeviction',
    );
  }
}

function unreachable(address: RedisAddress, cause: unknown, advice: string): SluiceError {
  const where = redactUrl(address.url);
  const message = messageOf(cause);
  if (/NOAUTH/.test(message)) {
    return new SluiceError('redis-password', `the Redis at ${where} asks for a password, and the URL has none; write redis://:PASSWORD@HOST:PORT`, { cause });
  }
  if (/WRONGPASS|invalid (username-)?password|AUTH/i.test(message)) {
    return new SluiceError('redis-password', `the Redis at ${where} refuses the password (${message.split(/[.\n]/)[0]})`, { cause });
  }
  return new SluiceError('redis-unreachable', `no Redis answers at ${where} (${message.split('\n')[0]}); ${advice}`, { cause });
}
