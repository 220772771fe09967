import { chmodSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, hostname } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { SluiceError, messageOf, mistake } from './errors.ts';
import { makeFolder, makePrivateFolder } from './make-folder.ts';
import { isPlainBeyondLoopback, parseRedisUrl, redactUrl, type RedisAddress } from './redis-address.ts';
import { answersPing } from './redis-ping.ts';

/** What a process needs to reach a broker; the file that holds it is readable by its owner alone. */
const brokerSchema = z.object({
  /** Redis URL with its password. */
  url: z.string(),
  /** The certificate (PEM) that its server shows, and no other; absent where the URL is plain. */
  certificate: z.string().optional(),
  /** Prefix of every key. */
  namespace: z.string(),
  /** Which command keeps it up: one of `run` ends with that run and takes no other work. */
  by: z.enum(['up', 'run']),
  /** Process that keeps the broker up, and its host. */
  pid: z.int().positive(),
  host: z.string(),
  /** The database folder that the broker's sink writes to. */
  data: z.string(),
  startedAtMs: z.number(),
  /** Grows with every new broker of the data folder: whoever holds an older one lets it go. */
  generation: z.int().nonnegative().default(0),
  /** The SLURM job that keeps it up, and that starts a successor where this one ends; absent outside of one. */
  job: z.string().optional(),
});

export type BrokerFile = z.infer<typeof brokerSchema>;

/** What to type where no broker is found. */
export const START_ADVICE = 'start one with `sluice up`, or name one with --redis or REDIS_URL';

/** The file in which the broker of the data folder `data` is found. */
export function brokerFileIn(data: string): string {
  return join(data, 'broker.json');
}

/** The file in which commands of this user find the broker of `namespace` from any folder and any node: the home is shared. */
export function brokerFileAtHome(namespace: string): string {
  return join(homedir(), '.sluice', namespace, 'broker.json');
}

/** Writes the file at brokerFileAtHome, in a folder that its owner alone can enter, also where there was a wider one. */
export function writeBrokerFileAtHome(broker: BrokerFile): void {
  const file = brokerFileAtHome(broker.namespace);
  makePrivateFolder(dirname(file));
  writeBrokerFile(file, broker);
}

/** Writes the file whole or not at all, with mode 0600. */
export function writeBrokerFile(file: string, broker: BrokerFile): void {
  makeFolder(dirname(file));
  const beside = `${file}.${process.pid}`;
  writeFileSync(beside, `${JSON.stringify(broker, undefined, 2)}\n`, { mode: 0o600 });
  chmodSync(beside, 0o600);
  renameSync(beside, file);
}

/** Removes the file where it still is that of `own`: numbers of processes are used again, and on every host. */
export function removeBrokerFile(file: string, own: Pick<BrokerFile, 'pid' | 'host' | 'generation'>): void {
  const found = readBrokerFile(file);
  const isOwn = found?.pid === own.pid && found.host === own.host && found.generation === own.generation;
  if (isOwn) rmSync(file, { force: true });
}

/** The broker that `file` names; undefined where there is no such file; a SluiceError where it cannot be read. */
export function readBrokerFile(file: string): BrokerFile | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new SluiceError('bad-broker-file', `the connection file ${file} cannot be read: ${messageOf(cause)}`, { cause });
  }
  return parseBrokerFile(file, text);
}

/** The broker that `text`, the content of `file`, names; a SluiceError where that is no connection file. */
export function parseBrokerFile(file: string, text: string): BrokerFile {
  try {
    return brokerSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new SluiceError('bad-broker-file', `${file} is no connection file of \`sluice up\`; remove it and start one anew`, { cause });
  }
}

/** Where a broker may be named, in rank. */
export interface BrokerClues {
  /** --redis or REDIS_URL. */
  readonly redis: string | undefined;
  /** SLUICE_CONNECTION. */
  readonly connection: string | undefined;
  readonly data: string;
  readonly namespace: string;
  /** Whether a connection without TLS may leave this machine. */
  readonly insecurePlain: boolean;
}

/** A broker that was named somewhere; whether it answers is another question. */
export interface FoundBroker {
  readonly address: RedisAddress;
  readonly namespace: string;
  /** The connection file it comes from, if it does. */
  readonly file?: BrokerFile;
  /** Where that file is, absolute; a newer generation appears there. */
  readonly path?: string;
  /** What to type if it does not answer. */
  readonly advice: string;
}

/**
 * The broker by the one rule that every command follows: URL, named file, DATA/broker.json, ~/.sluice/NAMESPACE. Throws
 * mistake `plain-redis` where password and rows would leave this machine unencrypted and nobody has said that they may.
 */
export function findBroker(clues: BrokerClues): FoundBroker | undefined {
  const found = lookForBroker(clues);
  if (found !== undefined && !clues.insecurePlain && isPlainBeyondLoopback(found.address)) throw plainRedis(found.address);
  return found;
}

function lookForBroker(clues: BrokerClues): FoundBroker | undefined {
  if (clues.redis !== undefined) {
    return { address: parseRedisUrl(clues.redis), namespace: clues.namespace, advice: 'is the URL right and the server up?' };
  }
  if (clues.connection !== undefined) {
    const named = readBrokerFile(clues.connection);
    if (named === undefined) throw new SluiceError('no-broker', `there is no connection file ${clues.connection} (SLUICE_CONNECTION); ${START_ADVICE}`);
    return fromFile(named, clues.connection);
  }
  for (const file of [brokerFileIn(clues.data), brokerFileAtHome(clues.namespace)]) {
    const found = readBrokerFile(file);
    if (found !== undefined) return fromFile(found, file);
  }
  return undefined;
}

/** As findBroker, with a SluiceError that says what to type where there is none. */
export async function requireBroker(clues: BrokerClues): Promise<FoundBroker> {
  const found = findBroker(clues);
  if (found === undefined) throw new SluiceError('no-broker', `no broker is running for the data folder ${clues.data}; ${START_ADVICE}`);
  // A process alone proves nothing: a file may outlive its writer.
  if (found.file?.by === 'run' && (await answersPing(found.address))) {
    throw new SluiceError('run-underway', `a \`sluice run\` (process ${found.file.pid}) uses the data folder ${clues.data} with a broker of its own; wait for its end`);
  }
  return found;
}

function fromFile(file: BrokerFile, path: string): FoundBroker {
  return { address: addressOf(file), namespace: file.namespace, file, path: resolve(path), advice: adviceOf(file, path) };
}

/** What to type if it does not answer; from another host nobody can tell one that has ended from one that is not reached. */
function adviceOf({ host, job }: BrokerFile, path: string): string {
  if (job !== undefined) return `it is named in ${path}, and kept by SLURM job ${job}; \`sluice explain\` tells how that stands`;
  if (host === hostname()) return `it is named in ${path}, whose \`sluice up\` has ended; start it with \`sluice up\``;
  return `it is named in ${path} by \`sluice up\` on ${host}: either that has ended, and is to be started again, or this host does not reach that port`;
}

/** How the broker of a connection file is reached. */
export function addressOf({ url, certificate }: Pick<BrokerFile, 'url' | 'certificate'>): RedisAddress {
  return { ...parseRedisUrl(url), ...(certificate === undefined ? {} : { certificate }) };
}

function plainRedis(address: RedisAddress): SluiceError {
  return mistake(
    'plain-redis',
    `the connection to ${redactUrl(address.url)} would be unencrypted on the network; use a rediss: URL or \`sluice up --host\`, ` +
      'or allow it with SLUICE_INSECURE_PLAIN=1',
  );
}
