import type { Snapshot } from '../snapshot.ts';

/** How the page stands with its server: `refused` where the server answers but does not know the page's cookie. */
export type Link = 'opening' | 'live' | 'lost' | 'refused';

/** What a page is told of its table. */
export interface Listener {
  snapshot(snapshot: Snapshot): void;
  link(link: Link): void;
}

/** Time after which a connection that says nothing is taken for dead; the server says something every 5 s. */
const SILENCE_MS = 15_000;

/** Pause before the next try: the server is near, and starts within a second or two. */
const AGAIN_MS = 1_000;

/**
 * Tells `listener` of `table` (of the server's choice where null) until the returned function is called; a connection that
 * falls, or falls silent, is opened again for as long as it takes.
 */
export function openLive(table: string | null, listener: Listener): () => void {
  const address = table === null ? '/api/events' : `/api/events?table=${encodeURIComponent(table)}`;
  const closed = new AbortController();
  let events: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const after = (delayMs: number, act: () => void): void => {
    clearTimeout(timer);
    timer = setTimeout(act, delayMs);
  };
  const heard = (): void => {
    listener.link('live');
    after(SILENCE_MS, lost);
  };
  const open = (): void => {
    const opened = new EventSource(address);
    events = opened;
    opened.addEventListener('snapshot', ({ data }) => {
      heard();
      listener.snapshot(JSON.parse(data as string) as Snapshot);
    });
    opened.addEventListener('alive', heard);
    opened.addEventListener('error', lost);
    after(SILENCE_MS, lost);
  };
  const lost = (): void => {
    events?.close();
    clearTimeout(timer);
    void isRefused(address, closed.signal).then((refused) => {
      if (closed.signal.aborted) return;
      listener.link(refused ? 'refused' : 'lost');
      after(AGAIN_MS, open);
    });
  };
  open();
  return () => {
    closed.abort();
    clearTimeout(timer);
    events?.close();
  };
}

/** Whether the server refuses the page; an EventSource does not tell why it failed. */
async function isRefused(address: string, closed: AbortSignal): Promise<boolean> {
  const enough = new AbortController();
  try {
    const { status } = await fetch(address, { signal: AbortSignal.any([closed, enough.signal, AbortSignal.timeout(AGAIN_MS)]) });
    return status === 401 || status === 403;
  } catch {
    return false;
  } finally {
    enough.abort();
  }
}
