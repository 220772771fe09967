import { join } from 'node:path';
import { brokerFileIn } from '../../../runtime/broker-file.ts';
import type { Plan } from './plan.ts';
import type { Project } from './project.ts';

/** What the project's Redis answers to a command; asked on the login host, which this machine has no route to. */
export async function askRedis(plan: Plan, project: Project, ...command: string[]): Promise<unknown> {
  const script = join(plan.checkout, 'test', 'slurm', 'fixtures', 'ask-redis.ts');
  const end = await project.run('node', script, brokerFileIn(project.data), ...command);
  if (end.code !== 0) throw new Error(`${command.join(' ')}: exit code ${end.code ?? end.signal}: ${end.stderr}`);
  return JSON.parse(end.stdout) as unknown;
}

/** Numbers of Redis's INFO by their names. */
export async function redisInfo(plan: Plan, project: Project): Promise<ReadonlyMap<string, number>> {
  const info = String(await askRedis(plan, project, 'INFO'));
  return new Map([...info.matchAll(/^(\w+):(\d+)\r?$/gm)].map(([, name = '', value]) => [name, Number(value)]));
}
