import { explain as explainFacts } from '../monitor/explain.ts';
import type { Facts, Reason } from '../monitor/facts.ts';
import { NOTHING_QUEUED, queuedStatus, storedStatus } from '../monitor/status.ts';
import { readRegistrations } from '../runtime/registration.ts';
import { tableAskedFor } from './asked-tables.ts';
import { settingsWithTable, type Invocation } from './command.ts';
import { databaseFolder } from './database-folder.ts';
import { glanceAtBroker } from './glance.ts';
import { openPlannedPoints } from '../monitor/planned-points.ts';
import { readStored } from './read-stored.ts';
import { namedBy, sinkOf } from './sink-fact.ts';
import { slurmFacts } from './slurm-facts.ts';

/** `sluice explain`: why nothing, or not more, happens with a table, likeliest first. */
export async function explain(invocation: Invocation): Promise<void> {
  const reasons = explainFacts(await gather(invocation));
  invocation.output.result({ reasons }, reasons.map(lineOf));
}

function lineOf({ text, type }: Reason): string {
  return type === undefined ? text : `${text}; type \`${type}\``;
}

/** All that can be learned of the table in a few seconds, from the broker, the database and SLURM. */
async function gather(invocation: Invocation): Promise<Facts> {
  const settings = settingsWithTable(invocation);
  const known = await glanceAtBroker(settings, async (broker) => [...(await readRegistrations(broker)).keys()]);
  const data = databaseFolder(settings, known.found);
  const table = tableAskedFor(invocation, [...readStored(data, (store) => store?.tables() ?? []), ...(known.seen ?? [])]);
  const { found, seen } = await glanceAtBroker(settings, async (broker) => ({
    queued: await queuedStatus(broker, table),
    sink: await sinkOf(broker, settings.streamBytes),
  }));
  const { stored, failures } = readStored(data, (store) => ({
    stored: storedStatus(store, table, openPlannedPoints()(store, table)),
    failures: store?.failureGroups(table) ?? [],
  }));
  const queued = seen?.queued ?? NOTHING_QUEUED;
  return {
    nowMs: Date.now(),
    standing: { table, ...stored, ...queued },
    named: found === undefined ? null : namedBy(found),
    sink: seen?.sink ?? null,
    failures,
    ...(await slurmFacts(table, data, queued.consumers)),
  };
}
