import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { brokerFileIn, readBrokerFile } from '../../runtime/broker-file.ts';
import { until } from '../system/harness/until.ts';
import { consumersIn, environmentOf, openFilesOf, peersOf } from './harness/consumer-process.ts';
import { ownCluster } from './harness/own-cluster.ts';
import { openProject, type Project } from './harness/project.ts';
import { LOGIN_ADDRESS, NODES, OUTSIDE_ADDRESS } from './harness/plan.ts';
import { untilTold } from './harness/until-told.ts';
import { startAs } from './harness/users.ts';

const plan = ownCluster();

/** What a consumer has no business with, by name and by address; 199.36.153.8 is private.googleapis.com. */
const ELSEWHERE = ['bigquery.googleapis.com:443', 'storage.googleapis.com:443', 'oauth2.googleapis.com:443', '199.36.153.8:443', registryPlace(), '104.16.0.34:443'];

/** Host and port of the package registry that this machine uses. */
function registryPlace(): string {
  const { hostname, port, protocol } = new URL(execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim());
  return `${hostname}:${port || (protocol === 'http:' ? '80' : '443')}`;
}

/** A node without a route tells so at once; this is below any time-out of a network, and of a resolver (5 s). */
const AT_ONCE_MS = 4_000;

/** Words that clients of clouds, their credentials and their endpoints have in common. */
const CLOUD = /google-cloud|googleapis|google-auth|application_default_credentials|gcloud|bigquery\.|aws-sdk|amazonaws|@azure/i;

/** The same among what a consumer loads, whose settings' descriptions name gcloud's folder and command. */
const CLIENT = /google-cloud|googleapis|google-auth|application_default_credentials|aws-sdk|amazonaws|@azure/i;

/** Prints for every HOST:PORT how a connection to it went, and how long that took. */
const CONNECT = `
import { connect } from 'node:net';
const tried = await Promise.all(process.argv.slice(2).map((place) => new Promise((resolve) => {
  const [, host, port] = /^(.*):(\\d+)$/.exec(place);
  const startedMs = performance.now();
  const end = (outcome) => { socket.destroy(); resolve({ place, outcome, ms: performance.now() - startedMs }); };
  const socket = connect({ host, port: Number(port), timeout: 10_000 });
  socket.once('connect', () => end('connected')).once('timeout', () => end('timeout')).once('error', (error) => end(error.code));
})));
console.log(JSON.stringify(tried));
`;

interface Tried {
  readonly place: string;
  readonly outcome: string;
  readonly ms: number;
}

let project: Project;

beforeAll(async () => {
  project = await openProject(plan, 'isolation');
  project.file('connect.mjs', CONNECT);
});

afterAll(async () => await project[Symbol.asyncDispose]());

/** What a command of ada's prints as JSON. */
async function told(...command: string[]): Promise<unknown> {
  const end = await project.run(...command);
  if (end.code !== 0) throw new Error(`${command.join(' ')}: ${end.stderr}${end.stdout}`);
  return JSON.parse(end.stdout);
}

/** How connections from a job on a node go. */
async function tryFromJob(...places: string[]): Promise<Tried[]> {
  return (await told('srun', '--nodes=1', 'node', 'connect.mjs', ...places)) as Tried[];
}

test('the broker answers a job on every node', async () => {
  const answers = await Promise.all(NODES.map(async (node) => await told('srun', `--nodelist=${node}`, 'sluice', 'status', '--json')));
  for (const answer of answers) expect(answer).toMatchObject({ consumers: [] });
});

test('neither the addresses of clouds nor the package registry are reachable from a job, which learns it at once', async () => {
  const { hostname, port } = new URL(readBrokerFile(brokerFileIn(project.data))!.url);
  expect(hostname).toBe(LOGIN_ADDRESS);
  const [broker, ...others] = await tryFromJob(`${hostname}:${port}`, ...ELSEWHERE);
  expect(broker).toMatchObject({ outcome: 'connected' });
  expect(others).toHaveLength(ELSEWHERE.length);
  for (const { place, outcome, ms } of others) {
    expect.soft(outcome, place).toMatch(/^(ENETUNREACH|ENOTFOUND|EAI_AGAIN)$/);
    expect.soft(ms, place).toBeLessThan(AT_ONCE_MS);
  }
});

test('what listens on another interface of the login host is not reachable from a job', async () => {
  const serve = `require('node:net').createServer().listen(0, '${OUTSIDE_ADDRESS}', function () { console.log(this.address().port) })`;
  const server = startAs(plan, 'ada', ['node', '-e', serve]);
  try {
    const place = `${OUTSIDE_ADDRESS}:${await until('the server listens', () => server.stdout.trim() || undefined)}`;
    expect(await told('node', 'connect.mjs', place)).toMatchObject([{ outcome: 'connected' }]);
    expect(await tryFromJob(place)).toMatchObject([{ outcome: 'ENETUNREACH' }]);
  } finally {
    await server.end('SIGKILL');
  }
});

test('a consumer holds no Google credential, has no client of a cloud loaded, and its node is connected to the login host alone', async () => {
  const key = project.file('key.json', '{"type":"service_account"}');
  await told('env', `GOOGLE_APPLICATION_CREDENTIALS=${key}`, 'sluice', 'launch', 'cluster', '--nodes', String(NODES.length), '--json');
  await untilTold('a consumer takes jobs on every node', async () => (await project.consumers()).length === NODES.length);
  await project.sluice('enqueue', 'svd-block', '--blocks', '30', '--nrow', '100', '--ncol', '100');
  await project.stored('svd_block', 30);
  for (const node of NODES) {
    const consumers = consumersIn(plan, node);
    expect(consumers).toHaveLength(1);
    const [consumer = 0] = consumers;
    expect(environmentOf(consumer)).toContainEqual(expect.stringMatching(/^SLUICE_CONNECTION=/));
    expect(environmentOf(consumer).filter((variable) => /GOOGLE|CREDENTIAL|TOKEN|SECRET|PASSWORD/i.test(variable))).toEqual([]);
    expect(openFilesOf(consumer)).toContainEqual(expect.stringMatching(/\/node$/));
    expect(openFilesOf(consumer).filter((file) => file === key || CLOUD.test(file))).toEqual([]);
    expect(peersOf(plan, node)).toEqual([LOGIN_ADDRESS]);
  }
  // All that a consumer loads is in its bundle.
  expect(CLIENT.exec(readFileSync(join(plan.checkout, 'dist', 'consumer.mjs'), 'utf8'))).toBeNull();
});
