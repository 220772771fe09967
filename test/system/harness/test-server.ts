import type { Broker } from '../../../runtime/broker.ts';
import type { RedisAddress } from '../../../runtime/redis-address.ts';

/** A Redis that tests use, however it was had. */
export interface TestServer {
  readonly address: RedisAddress;
  /** SIGKILLs the server, which `broker` is connected to; resolves when it is gone. */
  kill(broker: Broker): Promise<void>;
  /** Holds the server: it takes connections and answers nobody until `resume`. */
  hold(broker: Broker): Promise<void>;
  resume(): void;
  /** Starts the killed server again at the same address, with its file. */
  restart(): Promise<void>;
  /** Starts the killed server again at the same address without its file. */
  restartEmpty(): Promise<void>;
  /** Ends it, or leaves it as it was found. */
  stop(broker: Broker): Promise<void>;
}
