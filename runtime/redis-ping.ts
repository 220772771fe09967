import { connect, type Socket } from 'node:net';
import { parseRedisUrl, type RedisAddress } from './redis-address.ts';

/** Longest wait for an answer: a server that loads its file accepts at once and answers with an error. */
const ANSWER_TIMEOUT_MS = 1_000;

/** The commands that are asked at once: after the last answer the state of the server is known. */
const LINES_OF_ANSWERS = 7;

/**
 * Whether a Redis at the address shows its certificate, takes the password and answers, having loaded its file; where
 * `directory` is given (a real path), whether it is the one that keeps its files there. False for any other state.
 * Spoken by hand, in Redis's inline form, so that nobody waits for a client to be loaded.
 */
export async function answersPing(address: RedisAddress, directory?: string): Promise<boolean> {
  const { socket, readyEvent } = await openSocket(address);
  const { password } = new URL(parseRedisUrl(address.url).url);
  return await new Promise((resolve) => {
    let reply = '';
    const settle = (answers: boolean): void => {
      socket.destroy();
      resolve(answers);
    };
    socket.setTimeout(ANSWER_TIMEOUT_MS, () => settle(false));
    socket.on('error', () => settle(false));
    socket.on('close', () => settle(false));
    socket.on(readyEvent, () => socket.write(`AUTH ${decodeURIComponent(password)}\r\nPING\r\nCONFIG GET dir\r\n`));
    socket.on('data', (bytes) => {
      reply += bytes.toString('utf8');
      if (!reply.startsWith('+OK\r\n+PONG'.slice(0, reply.length))) settle(false);
      const lines = reply.split('\r\n');
      if (lines.length > LINES_OF_ANSWERS) settle(directory === undefined || lines[LINES_OF_ANSWERS - 1] === directory);
    });
  });
}

async function openSocket(address: RedisAddress): Promise<{ socket: Socket; readyEvent: 'connect' | 'secureConnect' }> {
  const url = new URL(address.url);
  const where = { host: url.hostname.replaceAll(/[[\]]/g, ''), port: Number(url.port) };
  if (url.protocol === 'redis:') return { socket: connect(where), readyEvent: 'connect' };
  // Loaded only here: `run`, which starts a plain Redis, is not to wait for it.
  const [tls, { tlsOptions }] = await Promise.all([import('node:tls'), import('./redis-tls.ts')]);
  return { socket: tls.connect({ ...where, ...tlsOptions(address) }), readyEvent: 'secureConnect' };
}
