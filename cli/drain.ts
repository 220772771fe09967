import { connectBroker, type Broker } from '../runtime/broker.ts';
import { addressOf, type BrokerFile } from '../runtime/broker-file.ts';
import { countTableJobs } from '../runtime/queue.ts';
import { readRegistrations } from '../runtime/registration.ts';
import { unlessStopped } from '../runtime/wait.ts';
import { drained } from '../sink/drained.ts';

/** Time that rows on their way get to be committed before a broker ends; its Redis keeps what is left. */
const DRAIN_MS = 30_000;

/** Time that a count may take; a broker that has gone away meanwhile would be waited for without end. */
const COUNT_MS = 5_000;

/** What a broker holds that is not in the database. */
export interface Left {
  /** Entries of the stream that are not committed. */
  readonly entries: number;
  /** Jobs that wait or are in a consumer's hands. */
  readonly jobs: number;
}

/** Waits until the sink of the broker has committed the whole stream, for at most DRAIN_MS, and counts what is left; undefined where that goes away meanwhile. */
export async function drain(file: BrokerFile): Promise<Left | undefined> {
  await using broker = await connectBroker({ address: addressOf(file), namespace: file.namespace, advice: 'it is just ending' });
  await drained(broker, DRAIN_MS);
  return await unlessStopped(countLeft(broker), AbortSignal.timeout(COUNT_MS), 0).catch(() => undefined);
}

/** The same for a person: nothing where nothing is left. */
export function linesOfLeft(left: Left | undefined): string[] {
  if (left === undefined) return ['what it still held could not be counted; `sluice up` plans again what is missing'];
  const { entries, jobs } = left;
  const kinds = [counted(entries, 'entry', 'entries'), counted(jobs, 'job', 'jobs')].filter((kind) => kind !== '');
  if (kinds.length === 0) return [];
  return [`${kinds.join(' and ')} ${entries + jobs === 1 ? 'is' : 'are'} left; \`sluice up\` goes on with ${entries + jobs === 1 ? 'it' : 'them'}`];
}

async function countLeft(broker: Broker): Promise<Left> {
  const tables = [...(await readRegistrations(broker)).keys()];
  const counts = await Promise.all(tables.map(async (table) => await countTableJobs(broker, table)));
  const jobs = counts.reduce((sum, { waiting, active }) => sum + waiting + active, 0);
  return { entries: await broker.redis.xlen(broker.names.stream), jobs };
}

function counted(count: number, one: string, many: string): string {
  return count === 0 ? '' : `${count} ${count === 1 ? one : many}`;
}
