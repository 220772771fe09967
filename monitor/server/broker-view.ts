import { connectBroker, type Broker } from '../../runtime/broker.ts';
import { findBroker, type BrokerClues, type FoundBroker } from '../../runtime/broker-file.ts';
import { messageOf, SluiceError } from '../../runtime/errors.ts';
import { unlessStopped } from '../../runtime/wait.ts';

/** Time that a broker has to answer, and to be reached: after that the page says that it is silent. */
const ANSWER_MS = 2_000;

/** What was seen of a broker. */
export interface BrokerSeen<T> {
  /** The broker that is named; undefined where none is. */
  readonly found: FoundBroker | undefined;
  /** What it answered; undefined where it did not. */
  readonly seen: T | undefined;
  /** Why not, in one line. */
  readonly trouble: string | undefined;
}

/** The broker that is named at the moment, looked at again and again over one connection. */
export interface BrokerView extends AsyncDisposable {
  /** What `look` sees; never rejects for a broker that is absent, silent or another than before. */
  see<T>(look: (broker: Broker) => Promise<T>): Promise<BrokerSeen<T>>;
}

interface Held {
  readonly url: string;
  /** Shared by all that look at the same time: each with a connection of its own would leave all but one behind. */
  readonly connecting: Promise<Broker>;
  /** Undefined until it is reached. */
  broker?: Broker;
}

/** A view of the broker by the rule that every command follows; nothing is connected yet. */
export function openBrokerView(clues: BrokerClues): BrokerView {
  let held: Held | undefined;
  const drop = (): void => {
    held?.connecting.then((broker) => broker[Symbol.asyncDispose]()).catch(() => {});
    held = undefined;
  };
  const reach = async (found: FoundBroker): Promise<Broker> => {
    const { url } = found.address;
    if (held?.url !== url || (held.broker !== undefined && held.broker.redis.status !== 'ready')) {
      drop();
      held = { url, connecting: connectSoon(found) };
    }
    const mine = held;
    return (mine.broker = await mine.connecting);
  };
  return {
    see: async (look) => {
      let found: FoundBroker | undefined;
      try {
        found = findBroker(clues);
        if (found === undefined) {
          drop();
          return { found, seen: undefined, trouble: 'no broker is up' };
        }
        const seen = look(await reach(found));
        seen.catch(() => {}); // one that is late rejects when nobody listens any more
        return { found, seen: await unlessStopped(seen, AbortSignal.timeout(ANSWER_MS), 0), trouble: undefined };
      } catch (error) {
        drop();
        return { found, seen: undefined, trouble: error instanceof SluiceError ? messageOf(error) : 'the broker stopped answering' };
      }
    },
    [Symbol.asyncDispose]: async () => drop(),
  };
}

/** A connection, or a rejection once that takes too long: the broker that is reached later is let go. */
async function connectSoon(found: FoundBroker): Promise<Broker> {
  const connecting = connectBroker(found);
  try {
    return await unlessStopped(connecting, AbortSignal.timeout(ANSWER_MS), 0);
  } catch (error) {
    connecting.then((late) => late[Symbol.asyncDispose]()).catch(() => {});
    throw error;
  }
}
