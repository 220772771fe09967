import { z } from 'zod';
import type { Broker } from './broker.ts';
import { HEARTBEAT_LIFE_MS, HEARTBEAT_MS } from './limits.ts';

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

/** Announces a consumer until it is closed. All times are Redis's: the clocks of nodes differ. */
export function announce(broker: Broker, describe: () => Omit<Presence, 'lastSeenMs'>): { close(): Promise<void> } {
  const announceNow = async (): Promise<void> => {
    const presence: Presence = { ...describe(), lastSeenMs: await brokerTimeMs(broker) };
    await broker.redis.hset(broker.names.consumers, presence.id, JSON.stringify(presence));
  };
  const tell = (): void => void announceNow().catch(() => {});
  tell();
  const timer = setInterval(tell, HEARTBEAT_MS);
  return {
    close: async () => {
      clearInterval(timer);
      await broker.redis.hdel(broker.names.consumers, describe().id);
    },
  };
}

/** The consumers that were seen lately; those that were not are forgotten. */
export async function readPresences(broker: Broker): Promise<Presence[]> {
  const nowMs = await brokerTimeMs(broker);
  const all = await broker.redis.hvals(broker.names.consumers);
  const presences = all.map((text) => presenceSchema.parse(JSON.parse(text)));
  const [alive, gone] = [presences.filter((one) => isAlive(one, nowMs)), presences.filter((one) => !isAlive(one, nowMs))];
  if (gone.length > 0) await broker.redis.hdel(broker.names.consumers, ...gone.map((one) => one.id));
  return alive;
}

function isAlive(presence: Presence, nowMs: number): boolean {
  return nowMs - presence.lastSeenMs < HEARTBEAT_LIFE_MS;
}

async function brokerTimeMs(broker: Broker): Promise<number> {
  const [seconds, microseconds] = await broker.redis.time();
  return Number(seconds) * 1000 + Number(microseconds) / 1000;
}
