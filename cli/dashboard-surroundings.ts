import type { Surroundings } from '../monitor/server/surroundings.ts';
import { findBroker } from '../runtime/broker-file.ts';
import { readRegistrations } from '../runtime/registration.ts';
import type { Settings } from '../runtime/settings.ts';
import { databaseFolder } from './database-folder.ts';
import { VERSION } from './program.ts';
import { retryFailures } from './retry.ts';
import { namedBy, sinkOf } from './sink-fact.ts';
import { slurmFacts } from './slurm-facts.ts';

/** Time for which what SLURM told is taken for true: a look comes several times a second, and squeue is the cluster's. */
const SLURM_MS = 10_000;

/** What the page's server needs of the other rooms, by these settings. */
export function surroundingsOf(settings: Settings): Surroundings {
  return {
    clues: settings,
    version: VERSION,
    threadEntry: new URL('dashboard-thread.mjs', import.meta.url),
    dataOf: (found) => databaseFolder(settings, found),
    registered: async (broker) => [...(await readRegistrations(broker)).keys()],
    sinkOf: async (broker) => await sinkOf(broker, settings.streamBytes),
    namedBy,
    slurm: keptFor(SLURM_MS),
    // Of the database that the page shows, which is that of the broker's sink where the settings' folder has none.
    retry: async (table, message) => (await retryFailures({ ...settings, table, data: databaseFolder(settings, findBroker(settings)) }, message)).forgotten,
  };
}

/** slurmFacts, asked again only where its last answer for the same table is older: a wave of losses is one question, too. */
function keptFor(milliseconds: number): Surroundings['slurm'] {
  const kept = new Map<string, { readonly atMs: number; readonly facts: ReturnType<typeof slurmFacts> }>();
  return async (table, data, consumers) => {
    const key = `${table}\n${data}`;
    const known = kept.get(key);
    if (known !== undefined && performance.now() - known.atMs < milliseconds) return await known.facts;
    for (const [old, { atMs }] of kept) if (performance.now() - atMs >= milliseconds) kept.delete(old);
    const facts = slurmFacts(table, data, consumers);
    kept.set(key, { atMs: performance.now(), facts });
    return await facts;
  };
}
