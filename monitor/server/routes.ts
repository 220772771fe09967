import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { z } from 'zod';
import { messageOf, SluiceError } from '../../runtime/errors.ts';
import type { Log } from '../../runtime/log.ts';
import { tableNameSchema } from '../../wire/names.ts';
import type { Access } from './access.ts';
import type { BoardKeeper } from './board.ts';
import type { Streams } from './events.ts';
import { enter, guardCookie, guardMetrics, guardPlace, guardWrites } from './guard.ts';
import { METRICS_TYPE, metricsText } from './metrics.ts';
import { readPageFiles } from './page-files.ts';
import type { Place } from './place.ts';
import { refuse } from './refusal.ts';
import type { Surroundings } from './surroundings.ts';
import type { Watching } from './watching.ts';

/** Bytes of a request's body: the name of a table and a message. */
const BODY_BYTES = 8_192;

const retrySchema = z.strictObject({ table: tableNameSchema, message: z.string().max(2_000).optional() });

/** What the routes lead to. */
export interface Served {
  readonly place: Place;
  readonly access: Access;
  /** The token of metrics; undefined where none could be kept. */
  readonly bearer: string | undefined;
  readonly watching: Watching;
  readonly streams: Streams;
  readonly board: BoardKeeper;
  readonly surroundings: Pick<Surroundings, 'retry'>;
  /** The table that is shown where none is asked for; null for the first that there is. */
  readonly table: string | null;
  readonly log: Log;
}

/** All that is served, and nothing before a cookie but `/enter`. */
export function routesOf(served: Served): Hono {
  const { place, access, bearer, watching, streams, board, table } = served;
  const app = new Hono();
  app.use(guardPlace(place));
  app.use(guardWrites(place));
  app.get('/enter', enter(place, access));
  app.use('/metrics', guardMetrics(place, access, bearer));
  app.get('/metrics', async (context) => {
    const first = await watching.view(table);
    const others = first.snapshot.tables.filter((name) => name !== first.snapshot.table);
    const views = [first, ...(await Promise.all(others.map(async (name) => await watching.view(name))))];
    return context.body(await metricsText(views), 200, { 'Content-Type': METRICS_TYPE });
  });
  app.use(guardCookie(place, access));
  app.get('/api/events', (context) => {
    const asked = tableNameSchema.optional().safeParse(context.req.query('table'));
    return asked.success ? streams.open(context, asked.data ?? table) : refuse(context, 400, 'this is no name of a table');
  });
  app.use('/api/retry', bodyLimit({ maxSize: BODY_BYTES, onError: (context) => refuse(context, 413, `a request has at most ${BODY_BYTES} bytes`) }));
  app.post('/api/retry', async (context) => {
    if (!/^application\/json\b/.test(context.req.header('content-type') ?? '')) return refuse(context, 415, 'expected JSON (Content-Type: application/json)');
    const body = retrySchema.safeParse(await context.req.json().catch(() => undefined));
    if (!body.success) return refuse(context, 400, 'expected {"table": "...", "message": "..."}, the message or without one');
    return context.json({ retried: await served.surroundings.retry(body.data.table, body.data.message) });
  });
  app.on(['GET', 'HEAD'], ['/queues', '/queues/*'], async (context) => await board.answer(context));
  app.get('*', (context) => pageFile(context.req.path, (file) => context.body(file.bytes, 200, { 'Content-Type': file.type }), (status, line) => refuse(context, status, line)));
  app.notFound((context) => refuse(context, 405, 'nothing here takes that method'));
  app.onError((error, context) => {
    if (error instanceof SluiceError) return refuse(context, error.code === 'no-sink' ? 503 : 400, error.message);
    served.log.error({ reason: messageOf(error), path: context.req.path }, 'a request failed');
    return refuse(context, 500, 'the server failed; its log says why');
  });
  return app;
}

type FileOf = NonNullable<ReturnType<ReturnType<typeof readPageFiles>['get']>>;

/** Read anew, so that a page which is built meanwhile is served without a restart; a path is looked up, never joined to a folder. */
function pageFile(path: string, found: (file: FileOf) => Response, missing: (status: 404 | 503, line: string) => Response): Response {
  const files = readPageFiles();
  const file = files.get(path);
  if (file !== undefined) return found(file);
  return files.size === 0 && path === '/' ? missing(503, 'the page is not built yet; type `npm run setup`') : missing(404, 'there is nothing of that name');
}
