import { messageOf } from '../../runtime/errors.ts';
import type { Log } from '../../runtime/log.ts';
import { openAccess } from './access.ts';
import { openBoardKeeper } from './board.ts';
import { openBrokerView } from './broker-view.ts';
import { openStreams } from './events.ts';
import { listen } from './listen.ts';
import { checkBind, placeOf, type Place } from './place.ts';
import { routesOf } from './routes.ts';
import { openStoredThread } from './stored-thread.ts';
import type { Surroundings } from './surroundings.ts';
import { openTableView } from './table-view.ts';
import { openWatching } from './watching.ts';

export interface ServerOptions {
  readonly surroundings: Surroundings;
  /** Address to listen on, and port; 0 for any free one. */
  readonly bind: string;
  readonly port: number;
  /** By which a browser reaches it, where that is another address. */
  readonly url: string | undefined;
  /** The table that is shown where none is asked for; null for the first that there is. */
  readonly table: string | null;
  /** The token of metrics; undefined where none could be kept. */
  readonly bearer: string | undefined;
  /** Told a fresh link whenever one was used. */
  readonly onFreshLink: (link: string) => void;
  readonly log: Log;
}

/** The page's server at work. */
export interface PageServer {
  readonly port: number;
  /** Lets one browser in. */
  readonly link: string;
  /** Shows all that watch how things stand at last, and ends. */
  close(): Promise<void>;
}

/** Starts the server; rejects where it cannot listen. */
export async function startServer(options: ServerOptions): Promise<PageServer> {
  const { surroundings, bind, port, url, table, bearer, log } = options;
  checkBind(bind, url);
  await using held = new AsyncDisposableStack();
  const looks = openStoredThread(surroundings.threadEntry);
  held.defer(async () => await looks.close());
  const analyses = openStoredThread(surroundings.threadEntry);
  held.defer(async () => await analyses.close());
  const broker = held.use(openBrokerView(surroundings.clues));
  const board = openBoardKeeper(broker, async (on) => await surroundings.registered(on));
  held.defer(async () => await board.close());
  const watching = openWatching((name) => openTableView({ surroundings, broker, looks, analyses }, name), log);
  const streams = openStreams(watching);
  const access = openAccess((token) => options.onFreshLink(linkTo(placeOf(bind, listening.port, url), token)));
  const listening = await listen(bind, port, (given) =>
    routesOf({ place: placeOf(bind, given, url), access, bearer, watching, streams, board, surroundings, table, log }));
  held.defer(async () => await listening.close());
  held.defer(() => streams.close());
  held.defer(async () => await watching.close());
  // Whoever comes first is not to wait for the threads to start.
  watching.view(table).catch((error: unknown) => log.error({ reason: messageOf(error) }, 'the first look failed'));
  const kept = held.move();
  return { port: listening.port, link: linkTo(placeOf(bind, listening.port, url), access.linkToken), close: async () => await kept.disposeAsync() };
}

function linkTo({ origin }: Place, token: string): string {
  return `${origin}/enter?token=${token}`;
}
