import { type Server, createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Digest } from './checksum.ts';
import { type Clock, movableClock } from './clock.ts';
import { serviceAccount, writeCredentials } from './credentials.ts';
import { type Faults, orderedFaults } from './faults.ts';
import { settleJobs } from './job.ts';
import { freshQuotas } from './quotas.ts';
import { type Ground, type RequestLine, respond } from './respond.ts';
import { type StoredTable, storedTable } from './stored-table.ts';
import { answerTunnels } from './tunnel.ts';
import { type World, tableName, tableOf } from './world.ts';

/** How the fake is started; every option may be left out. */
export type FakeBigQueryOptions = {
  /** 0, the default, is a free one. */
  readonly port?: number;
  /** The one project that there is; 403 `accessDenied` for every other. `fake-project` unless told. */
  readonly projectId?: string;
  /** `digest` keeps a table's count and checksum, not its rows: some bytes instead of 8 a number. `rows` unless told. */
  readonly keepRows?: 'rows' | 'digest';
  /** `none`, the default, takes any bearer token or none; `token` only those of its own service account. */
  readonly auth?: 'none' | 'token';
  /** Milliseconds since 1970; Date.now unless told. */
  readonly now?: () => number;
};

/** A fake of BigQuery's REST interface, which listens on loopback. Nothing that passes here was seen by Google. */
export type FakeBigQuery = AsyncDisposable & {
  /** Says that it is a fake; for reports, and the `server` header of every answer. */
  readonly name: string;
  readonly projectId: string;
  /** For the client's `apiEndpoint`. */
  readonly endpoint: string;
  readonly tokenEndpoint: string;
  /** What was asked, in order, without bodies. */
  readonly requests: readonly RequestLine[];
  readonly faults: Faults;
  readonly clock: Pick<Clock, 'now' | 'advance'>;
  /** The table as it is stored, or undefined where it is missing. */
  table(dataset: string, name: string): StoredTable | undefined;
  /** The number of a table's rows and their checksum over all columns; throws where the table is missing. */
  checksum(dataset: string, name: string): Digest;
  /** Load jobs into the table in the last 24 hours, failed ones counted. */
  loadJobs(dataset: string, name: string): number;
  /** Writes a service account's key and a certificate into `folder`; `env` makes a process use them, and reach nobody else. */
  credentials(folder: string): Promise<{ readonly keyFile: string; readonly env: Readonly<Record<string, string>> }>;
  /** Ends the listener and every connection, answered or not; what is stored stays. */
  stop(): Promise<void>;
  /** Listens again, on the same port. */
  start(): Promise<void>;
};

/** The name that the fake goes by. */
export const NAME = 'fake BigQuery (a test double of Sluice, not Google)';

/** Starts a fake on loopback; it ends with `stop` or `await using`. */
export async function startFakeBigQuery(options: FakeBigQueryOptions = {}): Promise<FakeBigQuery> {
  const ground = groundOf(options);
  const { world } = ground;
  // An upload may take longer than the five minutes that Node gives a request: on a slow line, or a busy machine.
  const listener = closingServer(createServer({ requestTimeout: 0 }, (request, response) => void respond(ground, request, response)));
  const certificate = answerTunnels(listener.server);
  const port = await listener.listen(options.port ?? 0);
  const endpoint = `http://127.0.0.1:${port}`;
  return {
    name: NAME,
    projectId: world.projectId,
    endpoint,
    tokenEndpoint: `${endpoint}/token`,
    requests: ground.log,
    faults: ground.faults,
    clock: world.clock,
    table: (dataset, name) => {
      settleJobs(world);
      return storedTable(world.datasets.get(dataset)?.tables.get(name));
    },
    checksum: (dataset, name) => {
      settleJobs(world);
      const { rows, fields } = tableOf(world, dataset, name);
      return rows.digest(fields);
    },
    loadJobs: (dataset, name) => world.quotas.loadsOf(tableName(world, dataset, name)),
    credentials: async (folder) => await writeCredentials(folder, ground.account, await certificate(), port),
    stop: async () => await listener.close(),
    start: async () => {
      await listener.listen(port);
    },
    [Symbol.asyncDispose]: async () => await listener.close(),
  };
}

function groundOf(options: FakeBigQueryOptions): Ground {
  const { projectId = 'fake-project', keepRows = 'rows', auth = 'none' } = options;
  const clock = movableClock(options.now);
  const world: World = { projectId, clock, keepRows, quotas: freshQuotas(clock), datasets: new Map(), jobs: new Map(), uploads: new Map() };
  return { name: NAME, world, auth, account: serviceAccount(projectId, clock), faults: orderedFaults(), log: [] };
}

/** `server` with a `close` that ends its connections too, and may be called twice. */
function closingServer(server: Server): { readonly server: Server; listen(port: number): Promise<number>; close(): Promise<void> } {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return {
    server,
    async listen(port) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      server.once('error', reject).listen(port, '127.0.0.1', resolve);
      await promise;
      server.off('error', reject);
      return (server.address() as AddressInfo).port;
    },
    async close() {
      const { promise, resolve } = Promise.withResolvers<void>();
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
      await promise;
    },
  };
}
