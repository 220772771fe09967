import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Command } from '../harness/command.ts';
import { until } from '../harness/until.ts';
import { openWorkspace, type Workspace } from '../harness/workspace.ts';
import { ask, askRaw, enter, linksOf, openSocket, type Browser } from './browser.ts';

let space: Workspace;
let dashboard: Command;
let browser: Browser;

beforeAll(async () => {
  space = openWorkspace('dashboard-security');
  dashboard = space.sluice('dashboard', '--port', '0', '--log-level', 'error');
  browser = await enter(dashboard);
});

afterAll(async () => {
  expect(await dashboard.end('SIGTERM')).toMatchObject({ signal: 'SIGTERM', stderr: '' });
  await space[Symbol.asyncDispose]();
});

/** Paths of all that is served. */
const PATHS = ['/', '/page.js', '/api/events', '/metrics', '/queues', '/queues/static/js/main.js', '/api/retry', '/nothing'];

test('without the cookie nothing is served', async () => {
  for (const path of PATHS) {
    for (const cookie of ['', `sluice-${browser.port}=${'A'.repeat(43)}`, `${browser.cookie}x`]) {
      expect([path, (await ask(browser.port, path, { headers: { cookie } })).status]).toEqual([path, 401]);
    }
  }
});

test('a link lets one browser in: used, wrong or empty it is refused, and a fresh one was printed', async () => {
  const [used, fresh] = linksOf(dashboard);
  expect(fresh?.search).not.toBe(used?.search);
  for (const search of [used!.search, '?token=', '', `?token=${'A'.repeat(43)}`]) expect((await ask(browser.port, `/enter${search}`)).status).toBe(403);
  const answer = await ask(browser.port, `/enter${fresh!.search}`);
  expect([answer.status, answer.headers['location']]).toEqual([303, '/']);
  expect(String(answer.headers['set-cookie'])).toMatch(new RegExp(`^sluice-${browser.port}=[\\w-]{43}; Path=/; HttpOnly; SameSite=Strict$`));
  await until('a third link', () => linksOf(dashboard).length === 3);
});

test('another name for this machine is refused, with the cookie too', async () => {
  for (const host of ['evil.example', `evil.example:${browser.port}`, '127.0.0.1', `127.0.0.1:${browser.port + 1}`]) {
    expect([host, (await ask(browser.port, '/metrics', { headers: { host, cookie: browser.cookie } })).status]).toEqual([host, 421]);
  }
  expect((await ask(browser.port, '/metrics', { headers: { host: `localhost:${browser.port}`, cookie: browser.cookie } })).status).toBe(200);
});

test('a change that another site, or no page, asks for is refused', async () => {
  const refused = [{ origin: 'http://evil.example' }, { origin: 'null' }, { origin: `http://127.0.0.1:${browser.port + 1}` }, { 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }];
  for (const headers of refused) expect([headers, (await browser.post('/api/retry', { table: 'a' }, headers)).status]).toEqual([headers, 403]);
  expect((await ask(browser.port, '/api/retry', { method: 'POST', headers: { cookie: browser.cookie }, body: '{}' })).status).toBe(403);
  expect((await ask(browser.port, '/api/retry', { method: 'POST', headers: { origin: browser.origin }, body: '{}' })).status).toBe(401);
  for (const method of ['PUT', 'DELETE', 'PATCH']) expect((await ask(browser.port, '/queues/api/queues/pause', { method, headers: { cookie: browser.cookie, origin: browser.origin } })).status).toBe(405);
});

test('a body that is no request of the page is refused', async () => {
  const statusOf = async (body: unknown, headers = {}) => (await browser.post('/api/retry', body, headers)).status;
  expect(await statusOf({ table: 'a', message: 'x'.repeat(20_000) })).toBe(413);
  expect(await statusOf({ table: 'a' }, { 'content-type': 'text/plain' })).toBe(415);
  for (const body of [{}, { table: '../x' }, { table: 1 }, { table: 'a', other: 1 }, []]) expect(await statusOf(body)).toBe(400);
  expect(await browser.post('/api/retry', { table: 'a' })).toMatchObject({ status: 400, body: expect.stringContaining('"error":') as string });
  const chunked = `POST /api/retry HTTP/1.1\r\nHost: 127.0.0.1:${browser.port}\r\nCookie: ${browser.cookie}\r\nOrigin: ${browser.origin}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n`;
  expect(await askRaw(browser.port, `${chunked}${`2000\r\n${' '.repeat(0x2000)}\r\n`.repeat(3)}0\r\n\r\n`)).toMatch(/^HTTP\/1\.1 413 /);
});

test('no path leads out of the page, however it is written', async () => {
  const secret = '/package.json';
  for (const path of ['/../../package.json', '/..%2f..%2fpackage.json', '/%2e%2e/%2e%2e/package.json', '/....//package.json', '/queues/static/../../../../package.json', '/queues/static/..%2f..%2f..%2f..%2fpackage.json', '//etc/passwd', '/page.js%00', '/\\..\\package.json', secret]) {
    const answer = await askRaw(browser.port, `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${browser.port}\r\nCookie: ${browser.cookie}\r\nConnection: close\r\n\r\n`);
    expect([path, /^HTTP\/1\.1 (400|404|503) /.test(answer), /"version"|root:/.test(answer)]).toEqual([path, true, false]);
  }
});

test('every answer forbids inline code, foreign sources, frames and guesses', async () => {
  for (const path of ['/', '/nothing', '/metrics', '/queues']) {
    for (const { headers } of [await browser.get(path), await ask(browser.port, path)]) {
      expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self'; .*frame-ancestors 'none'/);
      expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'cache-control': 'no-store', 'cross-origin-resource-policy': 'same-origin' });
    }
  }
});

test('a link that was followed from another site comes in all the same', async () => {
  const foreign = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
  expect(await ask(browser.port, '/', { headers: foreign })).toMatchObject({ status: 401, body: expect.stringContaining('http-equiv="refresh"') as string });
  expect((await ask(browser.port, '/', { headers: { ...foreign, 'sec-fetch-site': 'same-origin' } })).body).not.toContain('refresh');
});

test('metrics are given to the token of dashboard.token, which its owner alone can read, and to no other', async () => {
  const file = join(space.data, 'dashboard.token');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const statusOf = async (token: string) => (await ask(browser.port, '/metrics', { headers: { authorization: `Bearer ${token}` } })).status;
  const token = readFileSync(file, 'utf8').trim();
  expect([await statusOf(token), await statusOf(`${token}x`), await statusOf('A'.repeat(43))]).toEqual([200, 401, 401]);
  // It opens nothing else.
  expect((await ask(browser.port, '/api/events', { headers: { authorization: `Bearer ${token}` } })).status).toBe(401);
});

test('a thousand connections that ask for nothing keep nobody out, and end', async () => {
  const sockets = Array.from({ length: 1_000 }, () => openSocket(browser.port));
  try {
    await Promise.all(sockets.map(async (socket) => await new Promise((done) => socket.once('connect', done).once('close', done))));
    expect((await browser.get('/metrics')).status).toBe(200);
    using events = browser.events();
    await until('an event', () => events.names.length > 0);
    await until('they are let go', () => sockets.every((socket) => socket.resume().closed), 20_000);
  } finally {
    for (const socket of sockets) socket.destroy();
  }
});

test('a request that comes byte by byte is ended', async () => {
  const socket = openSocket(browser.port);
  const text = `GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ${'x'.repeat(1_000)}`;
  let sent = 0;
  const drip = setInterval(() => socket.write(text[sent++] ?? 'x'), 100);
  try {
    await until('it is cut off', () => socket.resume().closed, 20_000);
  } finally {
    clearInterval(drip);
    socket.destroy();
  }
});
