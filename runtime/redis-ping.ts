import { connect } from 'node:net';

/** Longest wait for an answer: a server that loads its file accepts at once and answers with an error. */
const ANSWER_TIMEOUT_MS = 1_000;

/** The commands that are asked at once: after the last answer the state of the server is known. */
const LINES_OF_ANSWERS = 7;

/**
 * Whether a Redis on this machine's loopback takes the password and answers, having loaded its file; where `directory`
 * is given (a real path), whether it is the one that keeps its files there. False for any other state of the port.
 * Spoken by hand, in Redis's inline form, so that nobody waits for a client to be loaded.
 */
export async function answersPing(port: number, password: string, directory?: string): Promise<boolean> {
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
    socket.on('connect', () => socket.write(`AUTH ${password}\r\nPING\r\nCONFIG GET dir\r\n`));
    socket.on('data', (bytes) => {
      reply += bytes.toString('utf8');
      if (!reply.startsWith('+OK\r\n+PONG'.slice(0, reply.length))) settle(false);
      const lines = reply.split('\r\n');
      if (lines.length > LINES_OF_ANSWERS) settle(directory === undefined || lines[LINES_OF_ANSWERS - 1] === directory);
    });
  });
}
