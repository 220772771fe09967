import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import { pause, settledWithin } from '../../runtime/wait.ts';
import { refuse } from './refusal.ts';
import type { Watching } from './watching.ts';

/** Streams at a time: browsers of a group, several tabs each. */
const MOST_STREAMS = 64;

/** Interval of signs of life: the page takes 15 s of silence for a lost connection. */
const ALIVE_MS = 5_000;

/** Time that a browser has to take an event; one that does not is let go, and comes again. */
const TAKEN_MS = 30_000;

/** Time after which a browser that has lost the stream asks for it again. */
const RETRY_MS = 1_000;

/** The streams of events that are open. */
export interface Streams {
  /** Answers with a stream of `table`: an event `snapshot` at once and after every change, and `alive` now and then. */
  open(context: Context, table: string | null): Response;
  /** Ends all once they have sent what they have. */
  close(): void;
}

/** Streams of what `watching` sees. */
export function openStreams(watching: Watching): Streams {
  const ending = new AbortController();
  let open = 0;
  return {
    open: (context, table) => {
      if (open >= MOST_STREAMS) return refuse(context, 503, `${MOST_STREAMS} pages are open already; close one`);
      open += 1;
      return streamSSE(context, async (stream) => {
        const gone = new AbortController();
        stream.onAbort(() => gone.abort());
        let newest: string | undefined;
        let wake = new AbortController();
        const onChange = (text: string): void => {
          newest = text;
          wake.abort();
        };
        const leave = watching.watch(table, { onChange });
        try {
          let id = 0;
          // A browser that is slow gets the newest snapshot, not all of them.
          while (!gone.signal.aborted && !(ending.signal.aborted && newest === undefined)) {
            const data = newest;
            newest = undefined;
            wake = new AbortController();
            const event = data === undefined ? { event: 'alive', data: '{}' } : { event: 'snapshot', data, id: String(id++), retry: RETRY_MS };
            if (!(await settledWithin(stream.writeSSE(event), TAKEN_MS))) break;
            if (newest === undefined) await pause(ALIVE_MS, AbortSignal.any([wake.signal, gone.signal, ending.signal]));
          }
        } finally {
          leave();
          open -= 1;
        }
      });
    },
    close: () => ending.abort(),
  };
}
