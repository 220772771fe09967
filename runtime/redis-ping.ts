import { connect } from 'node:net';

/** Longest wait for an answer: a server that loads its file accepts at once and answers with an error. */
const ANSWER_TIMEOUT_MS = 1_000;

/**
 * Whether a Redis on this machine's loopback takes the password and answers; false for any other state of the port.
 * Spoken by hand, in Redis's inline form, so that nobody waits for a client to be loaded.
 */
export async function answersPing(port: number, password: string): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let reply = '';
    const settle = (answers: boolean): void => {
      socket.destroy();
      resolve(answers);
    };
    socket.setTimeout(ANSWER_TIMEOUT_MS, () => settle(false));
    socket.on('error', () => settle(false));
    socket.on('close', () => settle(false));
    socket.on('connect', () => socket.write(`AUTH ${password}\r\nPING\r\n`));
    socket.on('data', (bytes) => {
      reply += bytes.toString('latin1');
      if (reply.split('\r\n').length > 2) settle(reply.startsWith('+OK\r\n+PONG'));
    });
  });
}
