import type { Definition } from '../../wire/definition.ts';
import type { Point } from '../../wire/point.ts';
import { crashOf, type End } from './crash.ts';
import type { Order, Reply } from './messages.ts';
import type { Runner } from './runner.ts';
import { ComputationError, Interrupted, type Computed } from './slot.ts';

/** What a channel tells of the far side. */
export interface ChannelEvents {
  onReply(reply: Reply): void;
  /** Called once, when the far side is gone. */
  onEnd(end: End): void;
}

/** A line to a thread or process that obeys orders. */
export interface Channel {
  /** What is at the far side, as messages call it: "crashed its process". */
  readonly noun: string;
  post(order: Order): void;
  /** Ends the far side whatever it does; onEnd follows. */
  kill(): void;
}

/** A runner at the far side of the channel that `open` opens. */
export function remoteRunner(definition: Definition, open: (events: ChannelEvents) => Channel): Runner {
  return new RemoteRunner(definition, open);
}

class RemoteRunner implements Runner {
  readonly #channel: Channel;
  readonly #loaded = Promise.withResolvers<void>();
  readonly #gone = Promise.withResolvers<void>();
  #isLoaded = false;
  #live = true;
  /** What was posted and not answered, in its order: the far side computes the first and has not begun the others. */
  readonly #inHand: PromiseWithResolvers<Computed>[] = [];

  constructor(definition: Definition, open: (events: ChannelEvents) => Channel) {
    this.#loaded.promise.catch(() => {}); // a failed load also reaches the point in hand
    this.#channel = open({ onReply: (reply) => this.#onReply(reply), onEnd: (end) => this.#onEnd(end) });
    this.#channel.post({ kind: 'load', definition });
  }

  get live(): boolean {
    return this.#live;
  }

  ready(): Promise<void> {
    return this.#loaded.promise;
  }

  async compute(point: Point, signal: AbortSignal): Promise<Computed> {
    if (signal.aborted || !this.#live) throw new Interrupted();
    const inHand = Promise.withResolvers<Computed>();
    const onAbort = (): void => void this.end();
    this.#inHand.push(inHand);
    signal.addEventListener('abort', onAbort);
    this.#channel.post({ kind: 'compute', point });
    try {
      return await inHand.promise;
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  end(): Promise<void> {
    if (this.#live) {
      this.#fail(new Interrupted());
      this.#channel.kill();
    }
    return this.#gone.promise;
  }

  #onReply(reply: Reply): void {
    if (reply.kind === 'loaded') {
      this.#isLoaded = true;
      this.#loaded.resolve();
    } else if (reply.kind === 'computed') {
      this.#inHand.shift()?.resolve(reply.computed);
    } else {
      const error = new ComputationError(reply.code, reply.message);
      if (this.#isLoaded) {
        this.#inHand.shift()?.reject(error);
      } else if (this.#live) {
        this.#fail(error);
        this.#channel.kill();
      }
    }
  }

  #onEnd(end: End): void {
    this.#fail(crashOf(this.#channel.noun, end));
    this.#gone.resolve();
  }

  #fail(error: Error): void {
    this.#live = false;
    this.#loaded.reject(error);
    const [begun, ...others] = this.#inHand.splice(0);
    begun?.reject(error);
    for (const other of others) other.reject(new Interrupted());
  }
}
