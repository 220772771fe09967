import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { TLSSocket, createSecureContext } from 'node:tls';
import { generate } from 'selfsigned';
import { TOKEN_URL } from './credentials.ts';

const { hostname: TOKEN_HOST } = new URL(TOKEN_URL);

/**
 * Makes `server` the HTTP proxy of its clients: a tunnel to the host of Google's tokens ends in `server` itself,
 * with a certificate that only those trust who were given it. A tunnel to any other host is refused, so that
 * nothing that was meant for the fake can reach Google. Returns what makes the certificate, PEM, when it is first asked.
 */
export function answerTunnels(server: Server): () => Promise<string> {
  let made: ReturnType<typeof newCertificate> | undefined;
  const certificate = (): ReturnType<typeof newCertificate> => (made ??= newCertificate());
  server.on('connect', (request, socket) => {
    socket.on('error', () => socket.destroy());
    if (request.url === `${TOKEN_HOST}:443`) void certificate().then((secret) => admit(server, socket, secret));
    else socket.end('HTTP/1.1 403 This is a fake of BigQuery, no proxy\r\n\r\n');
  });
  return async () => (await certificate()).cert;
}

function admit(server: Server, socket: Duplex, { cert, key }: Awaited<ReturnType<typeof newCertificate>>): void {
  socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
  const secured = new TLSSocket(socket, { isServer: true, secureContext: createSecureContext({ cert, key }) });
  secured.on('error', () => secured.destroy());
  server.emit('connection', secured);
}

async function newCertificate(): Promise<{ readonly cert: string; readonly key: string }> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: TOKEN_HOST }], {
    keySize: 2048,
    algorithm: 'sha256',
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: TOKEN_HOST }] }],
  });
  return { cert, key };
}
