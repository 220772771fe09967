/** The oldest Redis that has all we use, as [major, minor]. */
export const OLDEST_REDIS: readonly [6, 2];

/** A server program: an absolute path, where it was found, and its version as x.y.z. */
export interface FoundRedis {
  path: string;
  kind: 'path' | 'usual' | 'cache';
  version: string;
}

/** The folder in which setup keeps a server of its own, one per platform. */
export function redisCache(root: string): string;

/** What of the environment a server program is given: what it needs to start, and nothing that is a secret. */
export function serverEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string | undefined>;

/**
 * The Redis or Valkey server program to start: on PATH, then in the usual folders, then in the checkout's
 * cache; at least version 6.2. Undefined where there is none; then `npm run setup` gets one or says how to.
 */
export function findRedisServer(
  env: Readonly<Record<string, string | undefined>>, root: string,
): FoundRedis | undefined;

/**
 * The version that a server program tells of itself, x.y.z; undefined where it is missing, cannot run or is
 * no Redis.
 */
export function redisVersion(file: string, env: Readonly<Record<string, string | undefined>>): string | undefined;

/** Whether a version, x.y.z, is at least OLDEST_REDIS. */
export function isNewEnough(version: string): boolean;
