import { join } from 'node:path';
import { startCommand, type Command } from '../../system/harness/command.ts';
import { inLogin, inNode } from './places.ts';
import { homeOf, USERS, type NodeName, type Plan, type UserName } from './plan.ts';

/** Where else than in their home folder a user's command runs, and what it sees. */
export interface UserCommandOptions {
  readonly folder?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** What root runs it by, as in `chrt --rr 1`. */
  readonly by?: readonly string[];
}

/**
 * Starts a command in the login host as one of the users. Its environment is that of a login and no more, with the
 * wrappers before SLURM's commands; it dies with the process that started it.
 */
export function startAs(plan: Plan, user: UserName, command: readonly string[], options: UserCommandOptions = {}): Command {
  return start(inLogin(plan, asUser(plan, user, command, options)), environmentOf(plan, user, options));
}

/** The same in a node, as an ssh to it would. */
export function startInNode(plan: Plan, node: NodeName, user: UserName, command: readonly string[], options: UserCommandOptions = {}): Command {
  return start(inNode(plan, node, asUser(plan, user, command, options)), environmentOf(plan, user, options));
}

function start([file = '', ...parameters]: readonly string[], environment: NodeJS.ProcessEnv): Command {
  return startCommand(file, parameters, '/', environment);
}

function asUser(plan: Plan, user: UserName, command: readonly string[], { folder = homeOf(plan.homes, user), by = [] }: UserCommandOptions): string[] {
  const id = String(USERS[user]);
  return [...by, 'setpriv', '--reuid', id, '--regid', id, '--clear-groups', '--pdeathsig', 'KILL', '--', 'env', '-C', folder, ...command];
}

function environmentOf(plan: Plan, user: UserName, options: UserCommandOptions): NodeJS.ProcessEnv {
  return {
    HOME: homeOf(plan.homes, user),
    USER: user,
    LOGNAME: user,
    SHELL: '/bin/bash',
    LANG: 'C.UTF-8',
    PATH: [plan.counters, join(plan.checkout, 'node_modules', '.bin'), '/usr/local/bin', '/usr/bin', '/bin'].join(':'),
    SLURM_CONF: plan.slurmConf,
    ...options.environment,
  };
}
