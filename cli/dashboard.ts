import { z } from 'zod';
import { bearerIn } from '../monitor/server/bearer.ts';
import type { PageServer, ServerOptions } from '../monitor/server/server.ts';
import { messageOf, SluiceError } from '../runtime/errors.ts';
import type { Log } from '../runtime/log.ts';
import { listenForStop } from '../runtime/signals.ts';
import { isTableNamed } from './asked-tables.ts';
import { logOf, numberOption, settingsWithTable, type Invocation } from './command.ts';
import { surroundingsOf } from './dashboard-surroundings.ts';

/** The port where the page is unless told: beside 8265, which Ray's page has, and free of other services known. */
const PORT = 8285;

const portSchema = z.int('a whole number').min(0, 'a port from 0 to 65535').max(65_535, 'a port from 0 to 65535');

/** `sluice dashboard`: serves the page of the tables of a data folder and its broker until a signal, whatever comes and goes. */
export async function dashboard(invocation: Invocation): Promise<void> {
  const settings = settingsWithTable(invocation);
  const log = await logOf(invocation, 'dashboard', settings);
  using stop = listenForStop();
  if (invocation.options['supervised'] === true) stop.followStandardInput();
  const { output, options } = invocation;
  const port = numberOption(invocation, 'port', '--port', portSchema);
  const server = await start(port, {
    surroundings: surroundingsOf(settings),
    bind: textOption(options['bind']) ?? '127.0.0.1',
    url: textOption(options['url']),
    table: isTableNamed(invocation) ? settings.table : null,
    bearer: bearerOrNone(settings.data, log),
    onFreshLink: (link) => output.record({ link }, `the link was used; another browser comes in by  ${link}`),
    log,
  });
  const { link, port: given } = server;
  output.record({ link, port: given, pid: process.pid }, `the page is at  ${link}\nthe link lets one browser in; Ctrl-C ends it`);
  const ended = Promise.withResolvers<void>();
  stop.onRequest(() => ended.resolve());
  await ended.promise;
  await server.close();
  stop.settle();
}

/** Where nobody asked for a port and ours is taken, as by another user of the login node, any other one will do. */
async function start(port: number | undefined, options: Omit<ServerOptions, 'port'>): Promise<PageServer> {
  // Loaded only here, with hono: other commands do without.
  const { startServer } = await import('../monitor/server/server.ts');
  try {
    return await startServer({ ...options, port: port ?? PORT });
  } catch (error) {
    if (port !== undefined || !(error instanceof SluiceError) || error.code !== 'port-taken') throw error;
    return await startServer({ ...options, port: 0 });
  }
}

/** Of a data folder that we cannot write, a browser shows all but the metrics' token. */
function bearerOrNone(data: string, log: Log): string | undefined {
  try {
    return bearerIn(data);
  } catch (error) {
    log.warn({ reason: messageOf(error) }, 'no token for a scraper of metrics can be kept');
    return undefined;
  }
}

function textOption(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
