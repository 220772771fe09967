import { z } from 'zod';
import type { Broker } from './broker.ts';
import { HEARTBEAT_LIFE_MS, HEARTBEAT_MS, LOST_KEPT_MS } from './limits.ts';

const presenceSchema = z.object({
  /** Host and process id. */
  id: z.string(),
  host: z.string(),
  pid: z.int(),
  startedAtMs: z.number(),
  lastSeenMs: z.number(),
  /** Computations at once. */
  slots: z.int(),
  /** Computations under way. */
  running: z.int(),
  /** Rows delivered since the start. */
  rows: z.int(),
  /** The SLURM job that it runs in, as squeue prints it (`123`, `123_4`); null outside SLURM. */
  job: z.string().nullable().default(null),
  /** Whether it takes jobs, or has been asked to leave. */
  state: z.enum(['taking', 'leaving']).default('taking'),
  /** Running mean of what a point takes; null before the first. */
  secondsPerPoint: z.number().nullable().default(null),
  /** When its allocation ends, milliseconds since 1970; null where it does not. */
  endsAtMs: z.number().nullable().default(null),
});

/** What a consumer tells of itself every HEARTBEAT_MS. */
export type Presence = z.infer<typeof presenceSchema>;

/** What tells others of a consumer. */
export interface Announcement {
  /** Tells now how things stand, without waiting for the interval. */
  tell(): void;
  /** Tells no more, and takes back what was told: who leaves in good order is not lost. */
  close(): Promise<void>;
}

/** Announces a consumer until it is closed: two commands every HEARTBEAT_MS. All times are Redis's: the clocks of nodes differ. */
export function announce(broker: Broker, describe: () => Omit<Presence, 'lastSeenMs'>): Announcement {
  let telling: Promise<void> | undefined;
  const announceNow = async (): Promise<void> => {
    const lastSeenMs = await brokerTimeMs(broker);
    const presence: Presence = { ...describe(), lastSeenMs };
    await broker.redis.hset(broker.names.consumers, presence.id, JSON.stringify(presence));
  };
  const tell = (): void => {
    // With Redis away commands gather: one sign of life is enough for when it is back.
    telling ??= announceNow()
      .catch(() => {})
      .finally(() => (telling = undefined));
  };
  tell();
  const timer = setInterval(tell, HEARTBEAT_MS);
  return {
    tell,
    close: async () => {
      clearInterval(timer);
      await telling; // one that is under way would come after the end, and stay as one that was lost
      await broker.redis.hdel(broker.names.consumers, describe().id);
    },
  };
}

/** A consumer, and how long ago it told of itself. */
export interface SeenConsumer extends Presence {
  readonly agoMs: number;
  /** Whether that was lately enough; if not, it is lost, for one that leaves says so. */
  readonly alive: boolean;
}

/** The consumers of the last hour that have not left in good order; those lost for longer are forgotten. */
export async function readPresences(broker: Broker): Promise<SeenConsumer[]> {
  const nowMs = await brokerTimeMs(broker);
  const all = await broker.redis.hvals(broker.names.consumers);
  const seen = all.map((text) => seenAt(presenceSchema.parse(JSON.parse(text)), nowMs));
  const forgotten = seen.filter((one) => one.agoMs >= LOST_KEPT_MS);
  if (forgotten.length > 0) await broker.redis.hdel(broker.names.consumers, ...forgotten.map((one) => one.id));
  return seen.filter((one) => one.agoMs < LOST_KEPT_MS);
}

function seenAt(presence: Presence, nowMs: number): SeenConsumer {
  const agoMs = Math.max(0, nowMs - presence.lastSeenMs);
  return { ...presence, agoMs, alive: agoMs < HEARTBEAT_LIFE_MS };
}

async function brokerTimeMs(broker: Broker): Promise<number> {
  const [seconds, microseconds] = await broker.redis.time();
  return Number(seconds) * 1000 + Number(microseconds) / 1000;
}
