import { existsSync, readdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { explain as explainFacts } from '../monitor/explain.ts';
import type { Facts, Reason, SinkFact } from '../monitor/facts.ts';
import { NOTHING_QUEUED, queuedStatus, storedStatus } from '../monitor/status.ts';
import type { Broker } from '../runtime/broker.ts';
import type { FoundBroker } from '../runtime/broker-file.ts';
import { readRegistrations } from '../runtime/registration.ts';
import { latestLogOf, logFileOf, logFolderIn } from '../slurm/job-name.ts';
import { readNodeStates } from '../slurm/node-states.ts';
import { readLease } from '../sink/lease.ts';
import { readOldestMs } from '../sink/oldest.ts';
import { tableAskedFor } from './asked-tables.ts';
import { settingsWithTable, type Invocation } from './command.ts';
import { databaseFolder } from './database-folder.ts';
import { glanceAtBroker } from './glance.ts';
import { openPlannedPoints } from './planned-points.ts';
import { readStored } from './read-stored.ts';
import { readSlurmTasks } from './slurm-tasks.ts';

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
  const { tasks, broker, trouble } = await readSlurmTasks(table, resolve(data));
  const queued = seen?.queued ?? NOTHING_QUEUED;
  const lostHosts = new Set(queued.consumers.flatMap(({ alive, job, host }) => (alive || job === null ? [] : [host])));
  return {
    nowMs: Date.now(),
    standing: { table, ...stored, ...queued },
    named: found === undefined ? null : namedBy(found),
    sink: seen?.sink ?? null,
    failures,
    tasks,
    brokerTask: broker,
    slurmTrouble: trouble ?? null,
    nodeStates: await readNodeStates([...lostHosts]),
    logOf: ({ name, id }) => logFileOf(resolve(data), name, id),
    newestLog: latestLogOf(table, resolve(data), filesIn(logFolderIn(resolve(data)))),
  };
}

function filesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

async function sinkOf(broker: Broker, limitBytes: number): Promise<SinkFact> {
  const bytes = (await broker.redis.memory('USAGE', broker.names.stream)) ?? 0;
  return { isUp: (await readLease(broker)) !== undefined, oldestMs: await readOldestMs(broker), isFull: bytes > limitBytes };
}

function namedBy({ path, file }: FoundBroker): Facts['named'] {
  const elsewhere = file === undefined || file.host === hostname() ? null : file.host;
  return { by: path ?? 'the URL given', elsewhere, job: file?.job ?? null };
}
