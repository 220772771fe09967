import { SluiceError, messageOf } from '../../runtime/errors.ts';

/** What went wrong with a request to BigQuery, or with a job. */
export interface Fault {
  /** A request that was refused or got no answer, or a job that ended in failure. */
  readonly of: 'request' | 'job';
  /** HTTP status of the answer; undefined where there was none. */
  readonly status: number | undefined;
  /** BigQuery's reason (`rateLimitExceeded`), the system's code (`ECONNRESET`), or ours (`no-key`); empty where there is none. */
  readonly reason: string;
  /** What was said; it may quote rows and is not to be shown unless the rule says so. */
  readonly message: string;
}

/** Thrown where a job has failed. */
export class JobFailed extends Error {
  override readonly name = 'JobFailed';
  readonly fault: Fault;

  constructor(fault: Fault) {
    // BigQuery's words may quote a row; they stay in the fault.
    super(`the job has failed (${fault.reason})`);
    this.fault = fault;
  }
}

/** What an error of the client may have, as BigQuery's answers and Node's networking give it. */
interface ClientError {
  readonly code?: unknown;
  readonly status?: unknown;
  readonly errors?: readonly { readonly reason?: string; readonly message?: string }[];
  readonly cause?: unknown;
  readonly type?: unknown;
  readonly response?: { readonly status?: unknown; readonly data?: { readonly error?: unknown } };
}

/** The fault that a thrown error stands for. */
export function faultOf(thrown: unknown): Fault {
  if (thrown instanceof JobFailed) return thrown.fault;
  const message = messageOf(thrown);
  if (thrown instanceof SluiceError) return { of: 'request', status: undefined, reason: thrown.code, message };
  const error = (typeof thrown === 'object' && thrown !== null ? thrown : {}) as ClientError;
  const status = [error.code, error.status, error.response?.status].map(Number).find((code) => code >= 100 && code < 600);
  return { of: 'request', status, reason: error.errors?.[0]?.reason ?? reasonOf(error), message };
}

function reasonOf(error: ClientError): string {
  // The token's exchange answers with a name: {"error": "invalid_grant"}.
  const named = error.response?.data?.error;
  if (typeof named === 'string') return named;
  if (error.type === 'request-timeout') return 'timed-out';
  if (typeof error.code === 'string' && /^[A-Z_]+$/.test(error.code)) return error.code;
  return typeof error.cause === 'object' && error.cause !== null ? reasonOf(error.cause) : '';
}

/** The fault of a job that is DONE, undefined where it has none. */
export function jobFault(errorResult: { readonly reason?: string | undefined; readonly message?: string | undefined } | undefined): Fault | undefined {
  if (errorResult === undefined) return undefined;
  return { of: 'job', status: undefined, reason: errorResult.reason ?? '', message: errorResult.message ?? '' };
}
