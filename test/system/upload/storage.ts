import { append, connectBroker } from '../../../runtime/broker.ts';
import { silentLog } from '../../../runtime/log.ts';
import { parseRedisUrl } from '../../../runtime/redis-address.ts';
import { startSink } from '../../../sink/serve.ts';
import type { CloudSettings } from '../../../sink/upload/cloud-settings.ts';
import { PACE } from '../../../sink/upload/pace.ts';
import { startUploadThread } from '../../../sink/upload/thread.ts';
import { openWriter } from '../../../store/writer.ts';
import type { TestRedis } from '../harness/redis.ts';
import { TABLE, rowOf } from './trial.ts';

/** An uploader that tries as often in some seconds as in an hour. */
const HASTY = { ...PACE, flushMs: 0, firstWaitMs: 20, maxWaitMs: 50, lookMs: 10 };

const ROWS = 1_000;
const BATCH_ROWS = 100;

/** How long rows took from the stream to the disk. */
export interface Drained {
  /** From the first row's entry into the stream to the last one's commit. */
  readonly drainMs: number;
  /** The middle of the commits of rows. */
  readonly commitMs: number;
}

/** A sink as the commands start it, whose commits are timed. */
export interface Storage extends AsyncDisposable {
  /** Sends 1,000 rows more, and waits for their commit. */
  drain(): Promise<Drained>;
  /** Uploads that have failed by now. */
  tries(): number;
}

/** Starts a sink of the database in `data`, which uploads where `settings` are given. */
export async function openStorage(redis: TestRedis, data: string, namespace: string, settings?: CloudSettings): Promise<Storage> {
  await using made = new AsyncDisposableStack();
  const broker = made.use(await connectBroker({ address: parseRedisUrl(redis.url), namespace, advice: '' }));
  const writer = made.adopt(openWriter(data), (open) => open.close());
  let [tries, sent] = [0, 0];
  let times: number[] = [];
  let missing = 0;
  let committed = (): void => {};
  const timed: Pick<typeof writer, 'apply'> = {
    apply: (batch) => {
      const fromMs = performance.now();
      const result = writer.apply(batch);
      if (batch[0]?.id === 'upload') tries += 1;
      else times.push(performance.now() - fromMs);
      missing -= result.rows;
      if (missing === 0) committed();
      return result;
    },
  };
  const sink = await startSink({ broker, writer: timed, data, batchRows: BATCH_ROWS, batchMs: 5, log: silentLog() });
  made.defer(async () => {
    sink.stop();
    await sink.left;
  });
  if (settings !== undefined) made.use(startUploadThread({ data, settings, writer: timed, log: silentLog(), pace: HASTY }));
  await append(broker, { kind: 'plan', table: TABLE, definition: { kind: 'builtin', name: 'svd-block', version: '1' } });
  const held = made.move();
  return {
    drain: async () => {
      times = [];
      missing = ROWS;
      const allCommitted = new Promise<void>((resolve) => (committed = resolve));
      const fromMs = performance.now();
      await Promise.all(Array.from({ length: ROWS }, (_, row) => append(broker, rowOf(sent + row))));
      sent += ROWS;
      await allCommitted;
      return { drainMs: performance.now() - fromMs, commitMs: times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0 };
    },
    tries: () => tries,
    [Symbol.asyncDispose]: async () => await held.disposeAsync(),
  };
}
