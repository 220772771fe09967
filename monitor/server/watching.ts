import { messageOf } from '../../runtime/errors.ts';
import type { Log } from '../../runtime/log.ts';
import { pause } from '../../runtime/wait.ts';
import type { TableView, View } from './table-view.ts';

/** Interval of looks while somebody watches: a change is shown within a second. */
const WATCHED_MS = 400;

/** Interval of looks while nobody does, so that the rate is known when somebody comes. */
const UNWATCHED_MS = 10_000;

/** Tables that are kept an eye on; the one that was asked for longest ago is let go. */
const MOST_TABLES = 8;

/** Somebody who watches a table. */
export interface Watcher {
  /** Told the text of the newest snapshot whenever it has changed. */
  onChange(text: string): void;
}

/** The tables that are watched: one look serves all that watch a table. */
export interface Watching {
  /** Tells `watcher` at once where something is known already, and from then on; the result ends that. */
  watch(table: string | null, watcher: Watcher): () => void;
  /** What there is at the moment, looked at anew unless that was just done. */
  view(table: string | null): Promise<View>;
  /** Looks a last time, tells all watchers, and ends. */
  close(): Promise<void>;
}

/** A view, and its snapshot as text. */
type Shown = View & { readonly text: string };

interface Watched {
  readonly watchers: Set<Watcher>;
  /** Looks at once, or shares the look that is under way. */
  refresh(): Promise<Shown>;
  readonly end: AbortController;
}

/** Watches tables by the views that `open` gives. */
export function openWatching(open: (table: string | null) => TableView, log: Log): Watching {
  const tables = new Map<string | null, Watched>();
  const watchedOf = (table: string | null): Watched => {
    const known = tables.get(table) ?? startWatched(open(table), log);
    tables.delete(table);
    tables.set(table, known);
    const idle = [...tables].find(([, { watchers }]) => watchers.size === 0);
    if (tables.size > MOST_TABLES && idle !== undefined) {
      idle[1].end.abort();
      tables.delete(idle[0]);
    }
    return known;
  };
  return {
    watch: (table, watcher) => {
      const watched = watchedOf(table);
      watched.watchers.add(watcher);
      watched.refresh().then(({ text }) => watcher.onChange(text), () => {});
      return () => void watched.watchers.delete(watcher);
    },
    view: async (table) => await watchedOf(table).refresh(),
    close: async () => {
      await Promise.all([...tables.values()].map(async (one) => {
        if (one.watchers.size > 0) await one.refresh().catch(() => {});
        one.end.abort();
      }));
    },
  };
}

function startWatched(view: TableView, log: Log): Watched {
  const watchers = new Set<Watcher>();
  const end = new AbortController();
  let looking: Promise<Shown> | undefined;
  let shown = '';
  const look = async (): Promise<Shown> => {
    const seen = await view.look();
    const { atMs: _, ...content } = seen.snapshot;
    const compared = JSON.stringify(content);
    const text = JSON.stringify(seen.snapshot);
    if (compared !== shown) for (const watcher of watchers) watcher.onChange(text);
    shown = compared;
    return { ...seen, text };
  };
  const refresh = async (): Promise<Shown> => await (looking ??= look().finally(() => (looking = undefined)));
  const keepLooking = async (): Promise<void> => {
    let lookedAtMs = -Infinity;
    while (!end.signal.aborted) {
      // Nobody is told of who comes to watch: the short interval passes, and then it is seen.
      await pause(WATCHED_MS, end.signal);
      if (watchers.size === 0 && performance.now() - lookedAtMs < UNWATCHED_MS) continue;
      lookedAtMs = performance.now();
      await refresh().catch((error: unknown) => log.error({ reason: messageOf(error) }, 'a look at a table failed'));
    }
  };
  void keepLooking();
  return { watchers, end, refresh };
}
