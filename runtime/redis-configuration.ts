import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Certificate } from './certificate.ts';
import { makePrivateFolder } from './make-folder.ts';
import { parseRedisUrl, type RedisAddress } from './redis-address.ts';

/** The configuration file in a server's folder. */
const CONFIGURATION = 'redis.conf';

/** Bytes of the password: 256 bits. */
const PASSWORD_BYTES = 32;

/** The one address that a server listens on; with a certificate by TLS, and then by nothing else. */
export interface RedisListener {
  /** An IP address of this machine. */
  readonly host: string;
  readonly certificate?: Certificate;
}

/** Where a server keeps its files and how it is reached; the same place and address survive a restart. */
export interface RedisPlace extends RedisListener {
  readonly directory: string;
  readonly port: number;
  readonly password: string;
}

/** A new password, in hexadecimal. */
export function newPassword(): string {
  return randomBytes(PASSWORD_BYTES).toString('hex');
}

/** The place of the folder's last server, as its configuration file has it; undefined where there is none, or half of one. */
export function readPlace(directory: string): RedisPlace | undefined {
  try {
    const text = readFileSync(join(directory, CONFIGURATION), 'utf8');
    const field = (name: string): string => new RegExp(`^${name} "?(.*?)"?$`, 'm').exec(text)?.[1]?.replaceAll(/\\(.)/g, '$1') ?? '';
    const certificateFile = field('tls-cert-file');
    const listener: RedisListener =
      certificateFile === ''
        ? { host: field('bind') }
        : { host: field('bind'), certificate: { certificate: readFileSync(certificateFile, 'utf8'), certificateFile, keyFile: field('tls-key-file') } };
    const [port, password] = [Number(field('tls-port') || field('port')), field('requirepass')];
    return port > 0 && password !== '' ? { ...listener, directory, port, password } : undefined;
  } catch {
    return undefined;
  }
}

/** How the server at `place` is reached. */
export function addressAt({ host, port, password, certificate }: RedisPlace): RedisAddress {
  const authority = `:${password}@${host.includes(':') ? `[${host}]` : host}:${port}`;
  if (certificate === undefined) return parseRedisUrl(`redis://${authority}`);
  return { ...parseRedisUrl(`rediss://${authority}`), certificate: certificate.certificate };
}

/**
 * Writes redis.conf for a server at the place into its folder, readable by its owner alone, and returns its path: password,
 * append-only file, no eviction. `logFile` is in that folder; the empty text stands for standard output.
 */
export function writeConfiguration(place: RedisPlace, logFile = 'redis.log'): string {
  makePrivateFolder(place.directory);
  const file = join(place.directory, CONFIGURATION);
  const lines = [
    `bind ${place.host}`,
    ...listenerLines(place),
    `requirepass ${place.password}`,
    `dir ${quoted(place.directory)}`,
    `logfile ${quoted(logFile)}`,
    'appendonly yes',
    'appendfsync everysec',
    'save ""',
    'maxmemory-policy noeviction',
    'daemonize no',
  ];
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 });
  return file;
}

function listenerLines({ port, certificate }: RedisPlace): string[] {
  if (certificate === undefined) return [`port ${port}`];
  const { certificateFile, keyFile } = certificate;
  // Clients prove themselves by the password.
  return ['port 0', `tls-port ${port}`, `tls-cert-file ${quoted(certificateFile)}`, `tls-key-file ${quoted(keyFile)}`, 'tls-auth-clients no'];
}

function quoted(path: string): string {
  return `"${path.replaceAll(/[\\"]/g, '\\$&')}"`;
}
