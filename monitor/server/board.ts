import type { Context } from 'hono';
import type { Broker } from '../../runtime/broker.ts';
import type { BrokerView } from './broker-view.ts';
import type { Board } from './queues.ts';
import { refuse } from './refusal.ts';

/** bull-board for whichever broker and tables there are, loaded when it is first asked for. */
export interface BoardKeeper {
  answer(context: Context): Promise<Response>;
  close(): Promise<void>;
}

interface Kept {
  readonly broker: Broker;
  readonly tables: string;
  readonly board: Board;
}

/** A keeper of the board over `view`; `tablesOf` tells the tables of a broker. */
export function openBoardKeeper(view: BrokerView, tablesOf: (broker: Broker) => Promise<readonly string[]>): BoardKeeper {
  let kept: Kept | undefined;
  const boardOf = async (broker: Broker): Promise<Board> => {
    const tables = (await tablesOf(broker)).toSorted();
    const { openBoard } = await import('./queues.ts');
    if (kept?.broker === broker && kept.tables === tables.join()) return kept.board;
    // Those of a connection that was let go are closed with it.
    if (kept?.broker === broker) await kept.board.close();
    kept = { broker, tables: tables.join(), board: openBoard(broker, tables) };
    return kept.board;
  };
  return {
    answer: async (context) => {
      const { QUEUES_POLICY, withoutForeign } = await import('./queues.ts');
      const { seen: board, trouble } = await view.see(boardOf);
      if (board === undefined) return refuse(context, 503, `${trouble ?? 'no broker is up'}; the queues are in it`);
      const response = await board.app.fetch(context.req.raw, context.env);
      context.header('Content-Security-Policy', QUEUES_POLICY);
      const type = response.headers.get('content-type') ?? 'application/octet-stream';
      if (!type.startsWith('text/html')) return context.newResponse(response.body, response.status as 200, { 'content-type': type });
      return context.html(withoutForeign(await response.text()));
    },
    close: async () => {
      if (kept?.broker.redis.status === 'ready') await kept.board.close();
    },
  };
}
