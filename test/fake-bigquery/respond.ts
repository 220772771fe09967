import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceAccount } from './credentials.ts';
import { type Fault, isJobOrder, type orderedFaults } from './faults.ts';
import { type Job, settleJobs } from './job.ts';
import { Refusal, errorBody, invalid, notImitated } from './refusal.ts';
import { type Answer, type RequestKind, routeOf } from './routes.ts';
import type { World } from './world.ts';

/** A request that came, without its body. */
export type RequestLine = { readonly kind: RequestKind; readonly method: string; readonly path: string; readonly bytes: number; readonly outcome: number | 'dropped' | 'hung' };

/** What answering takes. */
export type Ground = {
  readonly name: string;
  readonly world: World;
  readonly account: ServiceAccount;
  readonly auth: 'none' | 'token';
  readonly faults: ReturnType<typeof orderedFaults>;
  readonly log: RequestLine[];
};

/** How long BigQuery waits for a query before it answers that it is not done. */
const QUERY_WAIT_MS = 10_000;

const TICK_MS = 10;

/** Answers one request, or does to it what a fault says; never rejects. */
export async function respond(ground: Ground, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = 'GET' } = request;
  const url = new URL(request.url ?? '/', 'http://fake');
  const found = routeOf(method, url.pathname);
  const kind = url.pathname === '/token' ? 'token' : (found?.route.kind ?? 'unknown');
  const note = (bytes: number, outcome: RequestLine['outcome']): void => void ground.log.push({ kind, method, path: url.pathname, bytes, outcome });
  const ordered = ground.faults.take({ kind, method, path: url.pathname, makesJob: found?.route.makesJob ?? false });
  const fault = withAuthorization(ordered, request.headers.authorization ?? '');
  if (fault === 'drop-before' || fault === 'hang') {
    note(0, fault === 'hang' ? 'hung' : 'dropped');
    if (fault === 'drop-before') request.socket.destroy();
    return;
  }
  const body = await bodyOf(request);
  // A sender that left in the middle has asked for nothing.
  if (body === undefined) return note(0, 'dropped');
  const answer = await answered(ground, { found, url, request, body, fault });
  note(body.length, fault === 'drop-after' ? 'dropped' : answer.status);
  if (fault === 'drop-after') request.socket.destroy();
  else send(ground.name, response, answer);
}

/** The fault with what it says of `{authorization}` filled in: an answer that tells what the request was sent with. */
function withAuthorization(fault: Fault | undefined, authorization: string): Fault | undefined {
  const filled = (text: string): string => text.replaceAll('{authorization}', authorization);
  if (typeof fault !== 'object') return fault;
  if ('status' in fault) return { ...fault, message: filled(fault.message) };
  return 'jobError' in fault && fault.jobError !== undefined ? { ...fault, jobError: { ...fault.jobError, message: filled(fault.jobError.message) } } : fault;
}

type Asked = { readonly found: ReturnType<typeof routeOf>; readonly url: URL; readonly request: IncomingMessage; readonly body: Buffer; readonly fault: Fault | undefined };

async function answered(ground: Ground, asked: Asked): Promise<Answer> {
  const { found, url, request, body, fault } = asked;
  const { world } = ground;
  try {
    if (typeof fault === 'object' && 'status' in fault) throw new Refusal(fault.status, fault.reason, fault.message, fault.headers);
    settleJobs(world);
    if (url.pathname === '/token' && request.method === 'POST') return ground.account.exchange(body);
    if (ground.auth === 'token') ground.account.check(request.headers.authorization);
    if (found === undefined) throw notImitated(`${request.method} ${url.pathname}`);
    refuseUnknown(found.route.query, url.searchParams, request);
    const { project } = found.params;
    if (project !== world.projectId) throw new Refusal(403, 'accessDenied', `Access Denied: Project ${project}: User does not have bigquery permissions in project ${project}.`);
    const order = isJobOrder(fault) ? fault : {};
    const settled = async (job: Job, timeoutMs = QUERY_WAIT_MS): Promise<void> => await settle(world, job, timeoutMs);
    return await found.route.answer(world, { params: found.params, query: url.searchParams, headers: request.headers, body, order, settled });
  } catch (error) {
    const refusal = error instanceof Refusal ? error : new Refusal(500, 'internalError', `The fake itself failed: ${(error as Error).stack}`);
    return { status: refusal.status, body: errorBody(refusal), headers: refusal.headers };
  }
}

function refuseUnknown(known: readonly string[], query: URLSearchParams, request: IncomingMessage): void {
  const unknown = [...query.keys()].find((name) => !known.includes(name) && !['alt', 'prettyPrint'].includes(name));
  if (unknown !== undefined) throw invalid(`Invalid JSON payload received. Unknown name "${unknown}": Cannot bind query parameter.`);
  if (request.headers['content-encoding'] !== undefined) throw notImitated(`requests with Content-Encoding ${request.headers['content-encoding']}`);
}

/** Waits for the end of a job: for the fake's clock, which can jump, so it looks at it again and again. */
async function settle(world: World, job: Job, timeoutMs: number): Promise<void> {
  const until = performance.now() + timeoutMs;
  settleJobs(world);
  while (job.end === undefined && performance.now() < until) {
    await sleep(TICK_MS);
    settleJobs(world);
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  try {
    return Buffer.concat(await request.toArray());
  } catch {
    return undefined;
  }
}

function send(name: string, response: ServerResponse, { status, body, headers }: Answer): void {
  const type = body === undefined ? {} : { 'content-type': 'application/json; charset=UTF-8' };
  response.writeHead(status, { ...type, ...headers, server: name });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}
