import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { COMMANDS } from '../../cli/commands.ts';
import { openProject, type Project } from './harness/project.ts';
import { watchTable } from './harness/watch.ts';

/** Consumers, of one computation each. */
const CONSUMERS = 4;

/** The points of a run in whose midst something is killed: seconds of work, which a kill and a new start fit into. */
const POINTS = 300;
const BLOCKS = ['--blocks', String(POINTS), '--nrow', '2000', '--ncol', '1000'];

const SERVICES = ['redis', 'sink', 'consumer', 'producer', ...(COMMANDS.some(({ usage }) => usage.startsWith('dashboard')) ? ['page'] : [])];

/** What `docker inspect` tells, as far as it is looked at. */
interface Inspected {
  readonly Config: { readonly User: string };
  readonly HostConfig: { readonly ReadonlyRootfs: boolean; readonly CapDrop: string[] | null; readonly CapAdd: string[] | null; readonly SecurityOpt: string[]; readonly Privileged: boolean };
  readonly NetworkSettings: { readonly Ports: Record<string, { readonly HostIp: string }[] | null> };
}

let project: Project;

/** Brings up what is not up, as a person does. */
const up = async (...parameters: string[]): Promise<string> =>
  await project.compose([...parameters, 'up', '--detach', '--scale', `consumer=${CONSUMERS}`, ...(SERVICES.includes('page') ? [] : ['--scale', 'page=0'])], { SLUICE_PAGE_PORT });

const SLUICE_PAGE_PORT = String(randomInt(20_000, 30_000));

beforeAll(async () => {
  project = openProject(inject('engine'));
  await project.compose(['--profile', 'bigquery', 'build']);
  await up();
});

afterAll(async () => await project[Symbol.asyncDispose]());

test('`docker compose up` computes 1,000 points, each once, and `docker compose run --rm reduce` prints their answer', async () => {
  await using watch = watchTable(project, 'svd_block');
  await watch.stored(1000);
  expect(await project.read('svd_block')).toMatchObject({ rows: 1000, keys: 1000, distinctKeys: 1000, distinctPoints: 1000, failures: 0, deadLetters: 0 });
  const answer = JSON.parse(await project.compose(['run', '--rm', '--no-TTY', 'reduce', 'reduce', '--json'])) as Record<string, number>;
  expect(answer['rows']).toBe(1000);
  // The README's number: the blocks are those of NumPy's stream, whoever computes them.
  expect(answer['errorCombined']).toBeCloseTo(0.0003313290524, 11);
  const exported = await project.compose(['run', '--rm', '--no-TTY', 'reduce', 'export', 'svd_block']);
  expect(exported.split('\n')).toHaveLength(1001);
});

test.each(SERVICES)('`docker kill` of the %s in the midst of a run loses no point and gives none two rows', async (service) => {
  const table = `killed_${service}`;
  // With few jobs waiting a producer lives as long as the run.
  const enqueue = ['run', '--rm', '--no-TTY', '--env', 'SLUICE_WAITING=20', 'producer', 'enqueue', 'svd-block', ...BLOCKS, '--table', table];
  const producing = project.start(enqueue);
  await using watch = watchTable(project, table);
  await watch.stored(POINTS / 10);
  const [victim] = await project.containers(service, 'running');
  await project.docker('kill', victim!);
  expect(await watch.stored(1)).toBeLessThan(POINTS);
  if (service === 'producer') {
    expect((await producing.ended).code).not.toBe(0);
    await project.compose(enqueue);
  } else await up();
  await watch.stored(POINTS);
  if (service !== 'producer') expect((await producing.ended).code).toBe(0);
  expect(await project.read(table)).toMatchObject({ rows: POINTS, keys: POINTS, distinctKeys: POINTS, distinctPoints: POINTS, failures: 0, deadLetters: 0 });
});

test('Redis, sink and a consumer that crash in the midst of a run come back by themselves', async () => {
  const table = 'crashed';
  await using watch = watchTable(project, table);
  await project.compose(['run', '--rm', '--no-TTY', 'producer', 'enqueue', 'svd-block', ...BLOCKS, '--table', table]);
  await watch.stored(POINTS / 10);
  const crashed = ['redis', 'sink', 'consumer'];
  // All but the first process, whose end is the container's.
  for (const service of crashed) await project.compose(['exec', '--no-TTY', service, 'sh', '-c', 'kill -9 -1']).catch(() => {});
  expect(await watch.stored(1)).toBeLessThan(POINTS);
  await watch.stored(POINTS);
  expect(await project.read(table)).toMatchObject({ rows: POINTS, distinctKeys: POINTS, distinctPoints: POINTS, failures: 0, deadLetters: 0 });
  for (const service of crashed) {
    const counts = await Promise.all((await project.containers(service)).map(async (id) => Number(await project.docker('inspect', '--format', '{{.RestartCount}}', id))));
    expect(Math.max(...counts), service).toBeGreaterThan(0);
  }
});

test('the profile bigquery brings a table to the fake, row for row', async () => {
  const profiled = { TABLE_NAME: 'killed_sink', SLUICE_PAGE_PORT };
  await project.compose(['--profile', 'bigquery', 'up', '--detach', '--no-recreate', 'uploader'], profiled);
  const [uploader] = await project.containers('uploader');
  await project.docker('wait', uploader!);
  expect(await project.docker('logs', uploader!)).toContain(`verified: the same ${POINTS} rows, by checksum`);
  const ask = "fetch('http://127.0.0.1:9050/bigquery/v2/projects/fake-project/datasets/EMS/tables/killed_sink').then((answer) => answer.json()).then(({ numRows }) => console.log(numRows))";
  expect(await project.compose(['exec', '--no-TTY', 'fake-bigquery', 'node', '--eval', ask], profiled)).toBe(String(POINTS));
});

test('every container is an ordinary user on a read-only file system without privileges, and no port leaves this machine', async () => {
  const inspected = JSON.parse(await project.docker('inspect', ...(await project.containers()))) as Inspected[];
  expect(inspected.length).toBeGreaterThan(CONSUMERS + 3);
  for (const { Config, HostConfig, NetworkSettings } of inspected) {
    expect(Config.User).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    expect(HostConfig).toMatchObject({ ReadonlyRootfs: true, CapDrop: ['ALL'], CapAdd: null, Privileged: false, SecurityOpt: ['no-new-privileges:true'] });
    for (const bound of Object.values(NetworkSettings.Ports).flatMap((ports) => ports ?? [])) expect(bound.HostIp).toBe('127.0.0.1');
  }
  const declared = JSON.parse(await project.compose(['--profile', 'bigquery', '--profile', 'tools', 'config', '--format', 'json'])) as { services: Record<string, { ports?: { host_ip?: string }[] }> };
  for (const { ports = [] } of Object.values(declared.services)) for (const port of ports) expect(port.host_ip).toBe('127.0.0.1');
  const seen = await project.compose(['exec', '--no-TTY', 'consumer', 'sh', '-c', 'id -u; grep ^CapEff /proc/self/status; touch /sluice/cli/new || echo refused']);
  expect(seen.split('\n')).toEqual(['1000', 'CapEff:\t0000000000000000', 'refused']);
});

test('the password is in no argument, no environment that the engine tells of, no log and no image', async () => {
  const file = JSON.parse(await project.compose(['exec', '--no-TTY', 'sink', 'cat', '/connection/broker.json'])) as { url: string };
  const { password } = new URL(file.url);
  expect(password).toMatch(/^[0-9a-f]{64}$/);
  const ids = await project.containers();
  const told = [
    await project.docker('inspect', ...ids),
    await project.compose(['--profile', 'bigquery', '--profile', 'tools', 'config']),
    await project.compose(['logs', '--no-color']),
    ...(await Promise.all((await project.containers(undefined, 'running')).map(async (id) => await project.docker('top', id, '-eo', 'pid,args')))),
  ];
  for (const text of told) expect(text).not.toContain(password);
  expect(told.join('\n')).toMatch(/redis-server/);
  // A redis without its password says no more than that it wants one.
  const refused = await project.compose(['exec', '--no-TTY', 'redis', 'sh', '-c', 'redis-cli --tls --cacert /broker/certificate.pem dbsize 2>&1 || true']);
  expect(refused).toContain('NOAUTH');
  const inImage = await project.docker('run', '--rm', '--network', 'none', '--entrypoint', 'sh', 'sluice', '-c', 'ls -A /broker /connection /data test node_modules/vitest node_modules/testcontainers 2>/dev/null; true');
  expect(inImage.split('\n').filter((line) => line !== '')).toEqual(['/broker:', '/connection:', '/data:']);
});
