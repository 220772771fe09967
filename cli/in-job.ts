import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Log } from '../runtime/log.ts';
import type { Settings } from '../runtime/settings.ts';
import { handOver } from './hand-over.ts';
import { startBroker, type PrivateBroker } from './own-broker.ts';
import { takeOver } from './take-over.ts';
import { AUTO, listenerFor } from './up-listener.ts';

/**
 * The broker of a job of `sluice up --as-job`: it takes the place of whatever broker the data folder has, with an empty
 * Redis whose files stay on this node, and hands what is not committed to its successor. Undefined once `stop` aborts.
 */
export async function startInJob(settings: Settings, job: string, stop: AbortSignal, log: Log): Promise<PrivateBroker | undefined> {
  const taken = await takeOver(settings.data, stop, log);
  if (taken === undefined) return undefined;
  using held = new DisposableStack();
  held.defer(() => taken.lock.release());
  const folder = held.adopt(mkdtempSync(join(tmpdir(), 'sluice-broker-')), (path) => rmSync(path, { recursive: true, force: true }));
  const listener = await listenerFor(settings, settings.host ?? AUTO);
  const own = await startBroker(settings, { by: 'up', listener, succession: { taken, folder, job } }, log);
  const kept = held.move();
  const stopAfterHandingOver = async (): Promise<void> => {
    using _ = kept;
    await handOver(own.found, resolve(settings.data), log);
    await own.stop();
  };
  return { ...own, stop: stopAfterHandingOver };
}
