import type { Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';
import { SluiceError, messageOf } from '../../runtime/errors.ts';

/** Time that a request's headers, and all of it, may take to arrive: whoever sends a byte a second is let go. */
const HEADERS_MS = 5_000;
const REQUEST_MS = 10_000;

/** Time for which a connection is kept for the next request. */
const KEEP_ALIVE_MS = 5_000;

/** Time for which nothing may pass over a connection, a stream's too, which has a sign of life every few seconds: then it is ended. */
const SILENT_MS = 60_000;

/** Interval at which those times are looked at. */
const LOOK_MS = 1_000;

/** Bytes of a request's headers. */
const HEADER_BYTES = 8_192;

/** Connections that are open at a time; one more takes the place of the one that has been without a request for longest. */
const MOST_CONNECTIONS = 256;

/** A server that listens. */
export interface Listening {
  readonly port: number;
  /** Takes no more requests, and ends once those under way are answered, or in a second. */
  close(): Promise<void>;
}

/** The routes of `routesFor` the port that it gets, served at `port` of `bind` (0 for any free one). */
export async function listen(bind: string, port: number, routesFor: (port: number) => Hono): Promise<Listening> {
  let app: Hono | undefined;
  const server = createAdaptorServer({
    // Nobody knows the port before there are routes.
    fetch: async (request, env) => (await app?.fetch(request, env)) ?? new Response(null, { status: 503 }),
    overrideGlobalObjects: false,
    serverOptions: { maxHeaderSize: HEADER_BYTES, headersTimeout: HEADERS_MS, requestTimeout: REQUEST_MS, keepAliveTimeout: KEEP_ALIVE_MS, connectionsCheckingInterval: LOOK_MS },
  }) as Server;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(port, bind, resolve);
  await promise.catch((cause: NodeJS.ErrnoException) => {
    const why = cause.code === 'EADDRINUSE' ? 'the port is taken; choose another with --port, or any free one with --port 0' : messageOf(cause);
    throw new SluiceError(cause.code === 'EADDRINUSE' ? 'port-taken' : 'cannot-listen', `cannot listen on port ${port} of ${bind}: ${why}`, { cause });
  });
  server.timeout = SILENT_MS;
  limitConnections(server);
  const { port: given } = server.address() as AddressInfo;
  app = routesFor(given);
  return {
    port: given,
    close: async () => {
      const closed = new Promise<void>((done) => server.close(() => done()));
      server.closeIdleConnections();
      const late = setTimeout(() => server.closeAllConnections(), 1_000);
      await closed;
      clearTimeout(late);
    },
  };
}

/** Whoever opens a thousand connections and asks for nothing loses them to whoever asks for something. */
function limitConnections(server: Server): void {
  const waiting = new Set<Socket>();
  let open = 0;
  server.on('connection', (socket: Socket) => {
    open += 1;
    waiting.add(socket);
    socket.once('close', () => {
      open -= 1;
      waiting.delete(socket);
    });
    const [oldest] = waiting;
    if (open <= MOST_CONNECTIONS || oldest === undefined) return;
    waiting.delete(oldest); // its end is told later: the next one in a burst is not to find it again
    oldest.destroy();
  });
  server.on('request', ({ socket }, response) => {
    waiting.delete(socket);
    // Behind those that came meanwhile.
    response.once('close', () => (socket.destroyed ? undefined : waiting.add(socket)));
  });
}
