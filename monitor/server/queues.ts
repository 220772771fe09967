import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { HonoAdapter } from '@bull-board/hono';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import type { Broker } from '../../runtime/broker.ts';
import { openQueue, type PointQueue } from '../../runtime/queue.ts';

/** Where bull-board is. */
export const QUEUES_PATH = '/queues';

/**
 * What bull-board may do: as the page, but that its scripts set styles, and its HTML has a base. It is confined to its own path,
 * and its font from Google's server is not fetched.
 */
export const QUEUES_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
  "frame-ancestors 'none'; base-uri 'self'; form-action 'self'";

/** bull-board over the queues of a broker's tables. */
export interface Board {
  readonly app: Pick<Hono, 'fetch'>;
  close(): Promise<void>;
}

/** Read only: what it offers to change would go past the database. */
export function openBoard(broker: Broker, tables: readonly string[]): Board {
  const queues: PointQueue[] = tables.map((table) => openQueue(broker, table));
  const serverAdapter = new HonoAdapter(serveStatic).setBasePath(QUEUES_PATH);
  createBullBoard({
    queues: queues.map((queue) => new BullMQAdapter(queue, { readOnlyMode: true, description: 'points that wait or are computed; rows are in the database' })),
    serverAdapter,
    options: { uiConfig: { boardTitle: 'Sluice queues', hideRedisDetails: true } },
  });
  const app = new Hono({ strict: false }).route(QUEUES_PATH, serverAdapter.registerPlugin());
  return { app, close: async () => void (await Promise.all(queues.map(async (queue) => await queue.close()))) };
}

/** The HTML without what a browser would fetch elsewhere. */
export function withoutForeign(html: string): string {
  return html.replaceAll(/<link[^>]*href="https?:[^>]*>/g, '');
}
