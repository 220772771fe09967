import { resolve } from 'node:path';
import { z } from 'zod';
import { paceOf, withSample, type Sample } from '../monitor/pace.ts';
import { NOTHING_QUEUED, queuedStatus, storedStatus } from '../monitor/status.ts';
import { isComplete, lookDocument, lookLine, lookLines, type Look } from '../monitor/watch.ts';
import { SluiceError } from '../runtime/errors.ts';
import { readRegistrations } from '../runtime/registration.ts';
import type { Settings } from '../runtime/settings.ts';
import { listenForStop } from '../runtime/signals.ts';
import { pause } from '../runtime/wait.ts';
import { tableAskedFor } from './asked-tables.ts';
import { numberOption, settingsWithTable, type Invocation } from './command.ts';
import { databaseFolder } from './database-folder.ts';
import { glanceAtBroker } from './glance.ts';
import type { Output } from './output.ts';
import { openPlannedPoints } from '../monitor/planned-points.ts';
import { readStored } from './read-stored.ts';
import { readSlurmTasks } from './slurm-tasks.ts';

/** Seconds between two looks, unless told: a look costs a connection and a few counts. */
const INTERVAL_SECONDS = 2;

/** A shorter interval would only ask for what has not changed: the sink commits a few times a second. */
const SHORTEST_SECONDS = 0.2;

const intervalSchema = z.number().min(SHORTEST_SECONDS, `at least ${SHORTEST_SECONDS}`);

/** `sluice status --watch`: a table's standing at every interval, until it is complete, a signal comes, or nobody reads on. */
export async function watchStatus(invocation: Invocation): Promise<void> {
  const intervalMs = (numberOption(invocation, 'interval', '--interval', intervalSchema) ?? INTERVAL_SECONDS) * 1000;
  const settings = settingsWithTable(invocation);
  using stop = listenForStop();
  const look = openLook(settings, await tableToWatch(invocation, settings));
  const ending = AbortSignal.any([stop.signal, invocation.output.unread]);
  while (!ending.aborted) {
    const seen = await look();
    show(seen, invocation.output);
    if (isComplete(seen.standing)) break;
    await pause(intervalMs, ending);
  }
  stop.settle();
}

/** Looks at the table, each time anew at whatever is there: a broker may go, come back, or be another's successor. */
function openLook(settings: Settings, table: string): () => Promise<Look> {
  const points = openPlannedPoints();
  let stored = storedStatus(undefined, table, 0);
  let samples: readonly Sample[] = [];
  return async () => {
    const { found, seen, trouble } = await glanceAtBroker(settings, async (broker) => await queuedStatus(broker, table));
    const data = databaseFolder(settings, found);
    const slurm = await readSlurmTasks(table, resolve(data));
    const troubles = [trouble, slurm.trouble].filter((one) => one !== undefined);
    try {
      stored = readStored(data, (store) => storedStatus(store, table, points(store, table)));
      samples = withSample(samples, { atMs: performance.now(), settled: stored.stored + stored.failed });
    } catch (error) {
      if (!(error instanceof SluiceError)) throw error;
      troubles.push(error.message); // the counts stay what they were
    }
    return { nowMs: Date.now(), standing: { table, ...stored, ...(seen ?? NOTHING_QUEUED) }, pace: paceOf(samples), tasks: slurm.tasks, troubles };
  };
}

function show(look: Look, output: Output): void {
  if (output.redraw !== undefined && !output.json) output.redraw(lookLines(look));
  else output.record(lookDocument(look), lookLine(look));
}

async function tableToWatch(invocation: Invocation, settings: Settings): Promise<string> {
  const { found, seen } = await glanceAtBroker(settings, async (broker) => [...(await readRegistrations(broker)).keys()]);
  const stored = readStored(databaseFolder(settings, found), (store) => store?.tables() ?? []);
  return tableAskedFor(invocation, [...stored, ...(seen ?? [])]);
}
