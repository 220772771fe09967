import type { FakeBigQuery } from '../../fake-bigquery/server.ts';

/** A fault to order, by the name that the report has it under. */
export interface NamedFault {
  readonly name: string;
  /** Whether the rows that meet it are loaded by then, so that they meet no other. */
  readonly isLast?: boolean;
  /** Orders it, and resolves when it has begun; what it holds back goes on by itself. */
  order(fake: FakeBigQuery): void | Promise<void>;
}

/** Time for which the fake is away: several tries long. */
const AWAY_MS = 250;

function refused(kind: 'upload' | 'get-job' | 'get-table', status: number, reason: string, message = 'as ordered'): NamedFault {
  return { name: `${kind}: ${status} ${reason}`, order: (fake) => fake.faults.next({ kind }, { status, reason, message }) };
}

function jobError(reason: string, message = 'as ordered'): NamedFault {
  return { name: `job fails: ${reason} ${message === 'as ordered' ? '' : `(${message})`}`.trim(), order: (fake) => fake.faults.next({ kind: 'upload' }, { jobError: { reason, message } }) };
}

function broken(kind: 'upload' | 'get-job' | 'get-table', fault: 'drop-before' | 'drop-after' | 'hang'): NamedFault {
  return { name: `${kind}: ${fault}`, isLast: kind === 'upload' && fault === 'drop-after', order: (fake) => fake.faults.next({ kind }, fault) };
}

/** Every fault that the table of rules knows, each as BigQuery or the network would make it. */
export const FAULTS: readonly NamedFault[] = [
  broken('upload', 'drop-before'),
  broken('upload', 'drop-after'),
  broken('upload', 'hang'),
  broken('get-job', 'drop-before'),
  broken('get-table', 'drop-after'),
  refused('upload', 503, 'backendError'),
  refused('upload', 500, 'internalError'),
  refused('upload', 429, 'rateLimitExceeded'),
  refused('upload', 403, 'rateLimitExceeded'),
  refused('upload', 403, 'quotaExceeded'),
  refused('upload', 403, 'accessDenied'),
  refused('upload', 401, 'authError'),
  refused('get-job', 503, 'backendError'),
  refused('get-table', 403, 'rateLimitExceeded'),
  refused('upload', 404, 'notFound', 'Not found: Table p:d.t'),
  jobError('backendError'),
  jobError('quotaExceeded'),
  jobError('invalid', 'No such field: extra.'),
  jobError('stopped'),
  { name: 'slow job', isLast: true, order: (fake) => fake.faults.next({ kind: 'upload' }, { slowJobMs: 200 }) },
  {
    name: 'no server',
    order: async (fake) => {
      await fake.stop();
      setTimeout(() => void fake.start(), AWAY_MS);
    },
  },
];
