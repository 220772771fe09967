import { appendFileSync, existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Experiment whose points wait until a file says that they may end; it tells what it does in a file, too. */
export const name = 'held';
export const version = '1';

/** Files in the folder in which the consumer runs. */
const TOLD = 'told';
const RELEASED = 'released';

/** Tells that it starts, waits for the file `released`, and tells that it ends; `process.ppid` is the consumer. */
export async function run({ seed }: { seed: number }) {
  const tell = (what: string): void => appendFileSync(TOLD, `${what} ${seed} ${process.ppid} ${Date.now()}\n`);
  tell('started');
  while (!existsSync(RELEASED) && !existsSync(`${RELEASED}-${seed}`)) await delay(10);
  tell('ended');
  return { twice: 2 * seed };
}
