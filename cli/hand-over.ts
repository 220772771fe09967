import { connectBroker, ENTRY_FIELD, type Broker } from '../runtime/broker.ts';
import type { FoundBroker } from '../runtime/broker-file.ts';
import { messageOf } from '../runtime/errors.ts';
import type { Log } from '../runtime/log.ts';
import { writeSpooled } from '../runtime/spool.ts';
import { pause, settledWithin } from '../runtime/wait.ts';

/** Entries of one spool file, as of a batch of the sink. */
const FILE_ENTRIES = 500;

/** Longest that writers are held back: the server ends long before. */
const HELD_BACK_MS = 600_000;

/** Wait before a Redis that does not answer is tried again. */
const RETRY_MS = 100;

/** Time that all of it may take: SLURM's notice is short, and what is lost is computed again. */
const HAND_OVER_MS = 20_000;

/**
 * Writes what no sink has committed from the stream of a broker that ends to the spool of the data folder `data`, for the
 * sink of a successor; from here on the stream takes nothing more, so that consumers keep what they have for that one.
 * Never rejects: points whose rows are lost are planned again.
 */
export async function handOver(found: FoundBroker, data: string, log: Log): Promise<void> {
  const handing = handOverAll(found, data);
  handing.then(
    (entries) => log.info({ entries }, 'what was not committed is in the spool'),
    (error: unknown) => log.error({ reason: messageOf(error) }, 'what was not committed could not be spooled; it is computed again'),
  );
  if (!(await settledWithin(handing, HAND_OVER_MS))) log.error({}, 'Redis does not give out what was not committed; it is computed again');
}

async function handOverAll(found: FoundBroker, data: string): Promise<number> {
  await using broker = await reach(found);
  await broker.redis.client('PAUSE', HELD_BACK_MS, 'WRITE');
  let count = 0;
  for await (const entries of pagesOf(broker)) {
    writeSpooled(data, entries);
    count += entries.length;
  }
  return count;
}

/** The broker once it answers: SLURM's TERM has reached its Redis too, which is started again with all that it held. */
async function reach(found: FoundBroker): Promise<Broker> {
  const deadlineMs = performance.now() + HAND_OVER_MS;
  for (;;) {
    try {
      return await connectBroker(found);
    } catch (error) {
      if (performance.now() > deadlineMs) throw error;
      await pause(RETRY_MS);
    }
  }
}

/** The bytes of the stream's entries, oldest first, a file's worth at a time. */
async function* pagesOf({ redis, names }: Broker): AsyncGenerator<Buffer[]> {
  for (let from = '-'; ; ) {
    const page = await redis.xrangeBuffer(names.stream, from, '+', 'COUNT', FILE_ENTRIES);
    if (page.length === 0) return;
    yield page.flatMap(([, fields]) => fields.filter((_, index) => index % 2 === 1 && fields[index - 1]!.toString() === ENTRY_FIELD));
    from = `(${page.at(-1)![0].toString()}`;
  }
}
