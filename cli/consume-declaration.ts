import { BROKER, type CommandDeclaration } from './command.ts';

/** The command of a consumer: `sluice consume`, and dist/consumer.mjs, whose one command it is. */
export const CONSUME: CommandDeclaration = {
  usage: 'consume [tables...]',
  description: 'compute jobs of these tables, or of all, until stopped',
  settings: [...BROKER, 'threads', 'streamBytes', 'grace'],
  options: [
    ['--idle-exit <seconds>', 'leave after so long without a job'],
    ['--jitter <seconds>', 'begin after a random time up to so long, so that many that start at once do not connect at once'],
  ],
  load: async () => (await import('./consume.ts')).consume,
};
