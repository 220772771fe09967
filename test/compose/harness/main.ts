/**
 * An engine by hand: `main.ts needs` says in one line what keeps this machine from having one, gets the packages, and exits
 * with 77 where it cannot; `main.ts up` keeps one up until its standard input closes or Ctrl-C, and prints how it is reached.
 */
import { openEngine } from './engine.ts';

/** The exit code of a test that is skipped. */
const SKIPPED = 77;

const [verb = 'up'] = process.argv.slice(2);

try {
  await using engine = await openEngine();
  if (verb === 'up') await keepUp(engine.environment);
} catch (error) {
  process.stdout.write(`${(error as Error).message}\n`);
  process.exitCode = SKIPPED;
}

async function keepUp(environment: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, value] of Object.entries(environment)) process.stdout.write(`export ${name}=${value}\n`);
  await new Promise((resolve) => {
    process.stdin.resume().once('end', resolve);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, resolve);
  });
  process.stdin.destroy();
}
