/**
 * A cluster by hand: `main.ts needs` says in one line what keeps this machine from having one, and gets the packages;
 * `main.ts up [ID]` keeps one up until its standard input closes or Ctrl-C; `main.ts run ID COMMAND...` runs a command in
 * its login host as ada; `main.ts crash|boot|cut|heal|kill ID NODE`; `main.ts down [ID]`.
 */
import { downCluster, upCluster } from './cluster.ts';
import { meetNeeds } from './needs.ts';
import { bootNode, crashNode, killSlurmd, setLink } from './node.ts';
import { planCluster, type NodeName, type Plan } from './plan.ts';
import { startAs } from './users.ts';

const FAULTS: Readonly<Record<string, (plan: Plan, node: NodeName) => Promise<void>>> = {
  crash: crashNode,
  boot: bootNode,
  cut: async (plan, node) => await setLink(plan, node, 'down'),
  heal: async (plan, node) => await setLink(plan, node, 'up'),
  kill: killSlurmd,
};

/** The exit code of a test that is skipped. */
const SKIPPED = 77;

const [verb = 'up', number = '0', ...rest] = process.argv.slice(2);
const plan = planCluster(Number(number));

if (verb === 'up') await keepUp();
else if (verb === 'needs') process.exitCode = await sayNeeds();
else if (verb === 'down') await downCluster(plan.id);
else if (verb === 'run') process.exitCode = await run(rest);
else await FAULTS[verb]?.(plan, rest[0] as NodeName);

async function sayNeeds(): Promise<number> {
  try {
    await meetNeeds();
    return 0;
  } catch (error) {
    process.stdout.write(`${(error as Error).message}\n`);
    return SKIPPED;
  }
}

async function keepUp(): Promise<void> {
  const cluster = await upCluster(plan.id);
  process.stdout.write(`cluster ${plan.id} is up; npx node ${process.argv[1]} run ${plan.id} sinfo\n`);
  await new Promise((resolve) => {
    process.stdin.resume().once('end', resolve);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, resolve);
  });
  await cluster.down();
  process.stdin.destroy();
}

async function run([file = 'bash', ...parameters]: readonly string[]): Promise<number> {
  const command = startAs(plan, 'ada', [file, ...parameters]);
  const end = await command.ended;
  process.stdout.write(end.stdout);
  process.stderr.write(end.stderr);
  return end.code ?? 1;
}
