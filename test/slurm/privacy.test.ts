import { chmodSync, chownSync, copyFileSync, existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { brokerFileIn, readBrokerFile } from '../../runtime/broker-file.ts';
import { processesIn } from '../system/harness/processes.ts';
import { argumentsOf, environmentOf } from './harness/consumer-process.ts';
import { ownCluster } from './harness/own-cluster.ts';
import { homeOf, NODES, USERS, type NodeName } from './harness/plan.ts';
import { openProject, type Project } from './harness/project.ts';
import { startAs, startInNode } from './harness/users.ts';

const plan = ownCluster();

const HOME = homeOf(plan.homes, 'ada');
const EVES = homeOf(plan.homes, 'eve');

/** Speaks Redis by TLS to a port, whatever its certificate, and prints what it answers until it hangs up. */
const SPEAK = `
const [host, port] = process.argv.slice(2);
const socket = require('node:tls').connect({ host, port: Number(port), rejectUnauthorized: false, timeout: 10_000 });
socket.on('data', (data) => process.stdout.write(data)).on('error', (error) => console.log(error.code));
socket.write(['PING', 'AUTH guessed', 'KEYS *', 'CONFIG GET requirepass', 'XRANGE sluice:entries - +', 'QUIT', ''].join('\\r\\n'));
`;

/** Everything about others that a user can look at; the Node that she brought along, of 140 MB, is none of it. */
const LOOK = [
  'ps axewwo args',
  'cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ',
  'scontrol show job --details',
  'squeue --Format=JobID,Name,Command,WorkDir,Comment,STDOUT',
  'scontrol write batch_script $JOB -',
  `find ${plan.folder} /tmp \\( -name node_modules -o -path ${join(EVES, 'node')} \\) -prune -o -type f -readable -exec cat {} +`,
].join('; ');

const PLACES: readonly (readonly [string, NodeName | undefined])[] = [['the login host', undefined], [NODES[0], NODES[0]]];

/** Where a broker is: its name, the options of `up`, and the log of it in the data folder. */
const BROKERS = [
  ['login', ['--host', 'auto', '--detach'], 'up.log'],
  ['job', ['--as-job', '--partition', 'service'], 'logs'],
] as const;

let project: Project;
let job: string;
/** The broker's password, and a line of its certificate's key. */
let secrets: readonly string[];

describe.each(BROKERS)('with the broker on a node or login host (%s),', (where, up, log) => {
const name = `privacy-${where}`;

beforeAll(async () => {
  project = await openProject(plan, name, up);
  // At many sites everyone may enter everyone's home: what is to protect is what Sluice itself makes.
  for (const folder of [HOME, join(HOME, 'projects'), project.folder, plan.checkout]) chmodSync(folder, 0o755);
  // A job of the broker's leaves room for them.
  job = await project.launch('cluster', NODES.length, '--cpus', '2', '--mem', '1G');
  await project.sluice('enqueue', 'svd-block', '--blocks', '30', '--nrow', '100', '--ncol', '100');
  await project.stored('svd_block', 30);
  const pem = filesIn(project.data).find((file) => readFileSync(file).includes('PRIVATE KEY'));
  secrets = [new URL(readBrokerFile(brokerFileIn(project.data))!.url).password, readFileSync(pem!, 'utf8').split('\n')[1]!];
  copyFileSync(process.execPath, join(EVES, 'node'));
  writeFileSync(join(EVES, 'speak.cjs'), SPEAK);
  for (const name of ['node', 'speak.cjs']) chownSync(join(EVES, name), USERS.eve, USERS.eve);
});

afterAll(async () => {
  await project[Symbol.asyncDispose]();
  chmodSync(HOME, 0o700);
});

test('password and key are in files alone that their owner alone can read, and the password has 256 bits', () => {
  expect(secrets).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/), expect.stringMatching(/^[A-Za-z0-9+/=]{40,}$/)]);
  const holding = [join(HOME, '.sluice'), project.folder].flatMap(filesIn).filter((file) => isTold(readFileSync(file, 'latin1')));
  expect(holding).toEqual(expect.arrayContaining([brokerFileIn(project.data), join(HOME, '.sluice', name, 'broker.json')]));
  for (const file of holding) expect.soft(statSync(file).mode & 0o777, file).toBe(0o600);
});

test('no process, no log and nothing that SLURM keeps of a job holds the password or the key', async () => {
  const processes = processesIn(plan.folder);
  expect(processes.filter(({ command }) => command.includes('/dist/consumer.mjs'))).toHaveLength(NODES.length);
  for (const { pid, command } of processes) expect.soft(isTold([...argumentsOf(pid), ...environmentOf(pid)].join('\n')), command).toBe(false);
  const kept = [join(plan.folder, 'ctld'), join(plan.folder, 'nodes'), plan.logs, join(project.data, 'logs')].flatMap(filesIn);
  expect(kept.map((file) => readFileSync(file, 'latin1')).filter((text) => text.includes('consumer.mjs')).length).toBeGreaterThan(0);
  for (const file of [...kept, ...logs()]) expect.soft(isTold(readFileSync(file, 'latin1')), file).toBe(false);
  const shown = await project.run('bash', '-c', `scontrol show job ${job} --details; scontrol write batch_script ${job} -; sluice status`);
  expect(shown.stdout).toMatch(/JobName=sluice\.all-[^]*consumer\.mjs[^]*node\d/);
  expect(isTold(shown.stdout + shown.stderr)).toBe(false);
});

/** The broker's logs. */
function logs(): string[] {
  const path = join(project.data, log);
  return statSync(path).isDirectory() ? filesIn(path) : [path];
}

describe.each(PLACES)('another user of %s', (_, node) => {
  /** What a line of shell that eve types here prints, errors included. */
  const eve = async (line: string): Promise<string> => {
    const command = ['bash', '-c', `(${line}) 2>&1`];
    const options = { environment: { JOB: job } };
    return (await (node === undefined ? startAs(plan, 'eve', command, options) : startInNode(plan, node, 'eve', command, options)).ended).stdout;
  };

  test('can read neither connection file nor data', async () => {
    expect(await eve(`ls ${project.folder}`)).toContain('data');
    const files = [brokerFileIn(project.data), join(HOME, '.sluice', name, 'broker.json'), join(project.data, 'sluice.db3'), ...logs()];
    for (const file of files) {
      expect(existsSync(file), file).toBe(true);
      expect(await eve(`cat ${file}`)).toBe(`cat: ${file}: Permission denied\n`);
    }
    for (const folder of [project.data, join(HOME, '.sluice', name)]) expect(await eve(`ls ${folder}`)).toContain('Permission denied');
  });

  test('is told nothing by the broker without the password', async () => {
    const { hostname, port } = new URL(readBrokerFile(brokerFileIn(project.data))!.url);
    const answers = (await eve(`./node speak.cjs ${hostname} ${port}`)).trim().split('\r\n');
    const refused = '-NOAUTH Authentication required.';
    expect(answers).toEqual([refused, expect.stringMatching(/^-WRONGPASS /), refused, refused, refused, '+OK']);
  });

  test('sees neither password nor key in ps, /proc, scontrol or any file', async () => {
    const seen = await eve(LOOK);
    expect(seen).toContain('dist/consumer.mjs');
    expect(seen).toMatch(/JobName=sluice\.all-/);
    expect(isTold(seen)).toBe(false);
  });
});
});

function isTold(text: string): boolean {
  return secrets.some((secret) => text.includes(secret));
}

/** The files below `folder`. */
function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
