import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Log } from '../runtime/log.ts';
import { isAlive } from '../runtime/process-alive.ts';
import type { Settings } from '../runtime/settings.ts';
import { handOver } from './hand-over.ts';
import { startBroker, type PrivateBroker } from './own-broker.ts';
import { takeOver } from './take-over.ts';
import { AUTO, listenerFor } from './up-listener.ts';

/** The temporary folder of a node whose TMPDIR is another host's. */
const FALLBACK = '/tmp';

/** Time that SLURM's controller gets to name the nodes: a job has it, and a person has not. */
const PATIENCE_MS = 60_000;

/**
 * The broker of a job of `sluice up --as-job`: it takes the place of whatever broker the data folder has, with an empty
 * Redis whose files stay on this node, and hands what is not committed to its successor. Undefined once `stop` aborts.
 */
export async function startInJob(settings: Settings, job: string, stop: AbortSignal, log: Log): Promise<PrivateBroker | undefined> {
  using held = new DisposableStack();
  // A predecessor ends for one that can serve, and for no other.
  const listener = await listenerFor(settings, settings.host ?? AUTO, PATIENCE_MS);
  const folder = held.adopt(makeFolder(settings.data), (path) => rmSync(path, { recursive: true, force: true }));
  const taken = await takeOver(settings.data, stop, log);
  if (taken === undefined) return undefined;
  held.defer(() => taken.lock.release());
  removeLeft(settings.data, dirname(folder));
  const own = await startBroker(settings, { by: 'up', listener, succession: { taken, folder, job } }, log);
  const kept = held.move();
  const stopAfterHandingOver = async (): Promise<void> => {
    using _ = kept;
    await handOver(own.found, resolve(settings.data), log);
    await own.stop();
  };
  return { ...own, stop: stopAfterHandingOver };
}

/** How the names of the folders begin that brokers of the data folder have on a node; their process follows. */
function prefixOf(data: string): string {
  return `sluice-broker-${createHash('sha256').update(resolve(data)).digest('hex').slice(0, 12)}-`;
}

/** A new folder on this node, for its owner alone, whose name tells of the data folder and of this process. */
function makeFolder(data: string): string {
  const name = `${prefixOf(data)}${process.pid}-`;
  try {
    return mkdtempSync(join(tmpdir(), name));
  } catch {
    return mkdtempSync(join(FALLBACK, name));
  }
}

/** Removes the folders in `parent` of brokers of the data folder that were killed; one that lives waits for our lock. */
function removeLeft(data: string, parent: string): void {
  const prefix = prefixOf(data);
  for (const name of readdirSync(parent).filter((one) => one.startsWith(prefix))) {
    const path = join(parent, name);
    if (isAlive(Number.parseInt(name.slice(prefix.length), 10))) continue;
    if (statSync(path, { throwIfNoEntry: false })?.uid === userInfo().uid) rmSync(path, { recursive: true, force: true });
  }
}
