/** How long a consumer that computes nothing waits for a broker that does not answer, where it may leave when idle. */
export const SILENCE_MS = 600_000;

/** What an idle consumer knows. */
export interface Idleness {
  /** It may leave after so long with nothing in hand; never where undefined. */
  readonly idleExitMs: number | undefined;
  /** Jobs in hand, and those of them that compute. */
  readonly inHand: number;
  readonly computing: number;
  /** Since a job was last in hand. */
  readonly idleMs: number;
  /** Since the broker last answered. */
  readonly silentMs: number;
  /** Whether an answer is overdue. */
  readonly isSilent: boolean;
  /** Whether the connection file is gone: `sluice down` has ended the broker. */
  readonly isDown: boolean;
}

/**
 * What to do now: go on; leave if the queues hold nothing; leave, since nobody is there to serve any more; or give up a
 * broker that was lost. Rows that wait for the broker go to the spool then.
 */
export function whenIdle(now: Idleness): 'stay' | 'ask' | 'leave' | 'give-up' {
  const { idleExitMs, idleMs, silentMs } = now;
  if (idleExitMs === undefined) return 'stay';
  if (!now.isSilent) return now.inHand > 0 || idleMs < idleExitMs ? 'stay' : 'ask';
  if (now.computing > 0 || silentMs < idleExitMs) return 'stay';
  if (now.isDown) return 'leave';
  return silentMs >= SILENCE_MS ? 'give-up' : 'stay';
}
