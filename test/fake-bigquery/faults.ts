import type { RequestKind } from './routes.ts';

/** Which requests a fault is meant for; all that is named must fit, and nothing named fits every request. */
export type Match = { readonly kind?: RequestKind; readonly method?: string; readonly path?: RegExp };

/** What becomes of the job that a request makes. */
export type JobOrder = {
  /** The job runs for so long, by the fake's clock; what it does is seen at its end. */
  readonly slowJobMs?: number;
  /** The job ends DONE with this as its errorResult and does nothing; its id is used up. */
  readonly jobError?: { readonly reason: string; readonly message: string };
};

/** What goes wrong with one request. `{authorization}` in a message is what the request was sent with. */
export type Fault =
  | { readonly status: number; readonly reason: string; readonly message: string; readonly headers?: Readonly<Record<string, string>> }
  /** The connection is destroyed before any effect. */
  | 'drop-before'
  /** The effect happens, and the connection is destroyed before the answer. */
  | 'drop-after'
  /** No answer, until the fake is stopped; no effect either. */
  | 'hang'
  | (JobOrder & ({ readonly slowJobMs: number } | { readonly jobError: { readonly reason: string; readonly message: string } }));

/** The faults that were ordered and have not come yet, first in, first out. */
export type Faults = {
  /** Orders `fault` for the next `times` requests that fit. One of a job waits for a request that makes one. */
  next(match: Match, fault: Fault, times?: number): void;
  /** How many have not come yet: a test that ordered some checks that it is 0 in the end. */
  readonly pending: number;
  /** Forgets those that have not come yet. */
  clear(): void;
};

/** The faults, and `take`: the first that fits a request, at most once each. */
export function orderedFaults(): Faults & { take(request: Asked): Fault | undefined } {
  const waiting: { match: Match; fault: Fault }[] = [];
  return {
    next(match, fault, times = 1) {
      for (let i = 0; i < times; i++) waiting.push({ match, fault });
    },
    get pending() {
      return waiting.length;
    },
    clear() {
      waiting.length = 0;
    },
    take(request) {
      const index = waiting.findIndex(({ match, fault }) => fits(match, request) && (request.makesJob || !isJobOrder(fault)));
      return index < 0 ? undefined : waiting.splice(index, 1)[0]?.fault;
    },
  };
}

/** What a fault is matched with. */
type Asked = { readonly kind: RequestKind; readonly method: string; readonly path: string; readonly makesJob: boolean };

/** Whether `fault` is about the job that a request makes, not about the request. */
export function isJobOrder(fault: Fault | undefined): fault is Extract<Fault, JobOrder> {
  return typeof fault === 'object' && !('status' in fault);
}

function fits(match: Match, request: Asked): boolean {
  if (match.kind !== undefined && match.kind !== request.kind) return false;
  if (match.method !== undefined && match.method !== request.method) return false;
  return match.path === undefined || match.path.test(request.path);
}
