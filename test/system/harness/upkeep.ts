import { setTimeout as delay } from 'node:timers/promises';
import type { Command, End } from './command.ts';

/** Pause before a command that has ended is started again, so that one which cannot start does not fill the machine. */
const AGAIN_MS = 50;

/** A command that is started again whenever it ends, as a small loop in a shell would; its end kills the last one. */
export interface Upkeep extends AsyncDisposable {
  /** The one that lives, or that lived last. */
  readonly now: Command;
  /** How the earlier ones ended, in their order. */
  readonly deaths: readonly End[];
  /** Sends the last one a signal, starts no other, and resolves with its end. */
  stop(signal?: NodeJS.Signals): Promise<End>;
}

/** Keeps up what `start` starts, which is told how the earlier ones ended. */
export function keepUp(start: (deaths: readonly End[]) => Command): Upkeep {
  const deaths: End[] = [];
  let stopping = false;
  let now = start(deaths);
  const watch = async (): Promise<End> => {
    for (;;) {
      const end = await now.ended;
      if (stopping) return end;
      deaths.push(end);
      await delay(AGAIN_MS);
      if (stopping) return end;
      now = start(deaths);
    }
  };
  const watched = watch();
  const stop = async (signal: NodeJS.Signals): Promise<End> => {
    stopping = true;
    now.signal(signal);
    return await watched;
  };
  return {
    get now() {
      return now;
    },
    deaths,
    stop: async (signal = 'SIGTERM') => await stop(signal),
    [Symbol.asyncDispose]: async () => void (await stop('SIGKILL')),
  };
}
