import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Snapshot } from '../../../monitor/snapshot.ts';
import type { Command } from '../harness/command.ts';
import { until } from '../harness/until.ts';

/** An answer of the server. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** What a request may have besides its path. */
export interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The events of a stream so far. */
export interface Events extends Disposable {
  readonly snapshots: readonly Snapshot[];
  readonly names: readonly string[];
}

/** A browser that came in, as far as the server can tell. */
export interface Browser {
  readonly port: number;
  readonly origin: string;
  readonly cookie: string;
  get(path: string): Promise<Answer>;
  post(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  events(table?: string): Events;
}

/** The links that a dashboard has printed, oldest first. */
export function linksOf(dashboard: Command): URL[] {
  return [...(dashboard.stdout + dashboard.stderr).matchAll(/http:\/\/[^\s"]+\/enter\?token=[\w-]+/g)].map(([link]) => new URL(link));
}

/** Comes in by the newest link of `dashboard`. */
export async function enter(dashboard: Command): Promise<Browser> {
  const before = linksOf(dashboard).length;
  const link = await until('the dashboard printed a link', () => linksOf(dashboard).at(-1), 60_000);
  const port = Number(link.port);
  const { headers } = await ask(port, `${link.pathname}${link.search}`);
  const cookie = String(headers['set-cookie']).split(';')[0]!;
  await until('a fresh link is there', () => linksOf(dashboard).length > Math.max(1, before));
  const { origin } = link;
  return {
    port, origin, cookie,
    get: async (path) => await ask(port, path, { headers: { cookie } }),
    post: async (path, body, headers = {}) =>
      await ask(port, path, { method: 'POST', body: JSON.stringify(body), headers: { cookie, origin, 'content-type': 'application/json', ...headers } }),
    events: (table) => openEvents(port, `/api/events${table === undefined ? '' : `?table=${table}`}`, cookie),
  };
}

/** Asks the server on `port` of this machine. */
export async function ask(port: number, path: string, { method = 'GET', headers = {}, body }: Asked = {}): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const asking = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
    let text = '';
    response.setEncoding('utf8').on('data', (part: string) => (text += part));
    response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
    response.on('error', reject);
  });
  asking.on('error', reject).end(body);
  return await promise;
}

/** What the server answers to `text`, byte by byte as it stands, until it closes the connection. */
export async function askRaw(port: number, text: string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const socket = openSocket(port);
  let answer = '';
  socket.setEncoding('utf8').on('data', (part: string) => (answer += part));
  socket.once('close', () => resolve(answer));
  socket.write(text);
  return await promise;
}

/** A connection that may be cut off. */
export function openSocket(port: number): Socket {
  return connect(port, '127.0.0.1').on('error', () => {});
}

function openEvents(port: number, path: string, cookie: string): Events {
  const snapshots: Snapshot[] = [];
  const names: string[] = [];
  let rest = '';
  const asking = request({ host: '127.0.0.1', port, path, headers: { cookie }, agent: false }, (response) => {
    response.setEncoding('utf8').on('data', (part: string) => {
      const events = (rest + part).split('\n\n');
      rest = events.pop() ?? '';
      for (const event of events) {
        const field = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(event)?.[1] ?? '';
        names.push(field('event'));
        if (field('event') === 'snapshot') snapshots.push(JSON.parse(field('data')) as Snapshot);
      }
    });
    response.on('error', () => {});
  });
  asking.on('error', () => {}).end();
  return { snapshots, names, [Symbol.dispose]: () => void asking.destroy() };
}
