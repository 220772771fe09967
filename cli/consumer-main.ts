import { CONSUME } from './consume-declaration.ts';
import { declare, openProgram, runProgram } from './program.ts';

/** Runs a consumer on `argv`, the tables and options of `sluice consume`, and sets the process's exit code. */
export async function consumerMain(argv: readonly string[]): Promise<void> {
  const program = openProgram('consumer', `Sluice's consumer in one file, as \`sluice consume\`: ${CONSUME.description}.`);
  declare(program.arguments(CONSUME.usage.replace(/^\S+ ?/, '')), CONSUME);
  await runProgram(program, argv);
}
