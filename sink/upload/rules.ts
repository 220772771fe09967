import type { Fault } from './fault.ts';

/**
 * What to do about a fault:
 * - `wait`: the same batch under the same id after a growing wait; its job is looked up before it is sent again.
 * - `look-up`: a job of this id is there; what it is and how it ended decides.
 * - `next-id`: the job has failed, and its id is used up: the same rows at the next position, after a growing wait.
 * - `mend-table`: the table lacks something: bring it up to date, then the same rows again.
 * - `quota`: as `wait`, after a long time.
 * - `person`: somebody has to mend something; it is tried again every few minutes all the same.
 */
export type Action = 'wait' | 'look-up' | 'next-id' | 'mend-table' | 'quota' | 'person';

/** A rule: which faults, what to do, and what the person is told. */
export interface Rule {
  readonly of?: Fault['of'];
  readonly status?: number;
  readonly reason?: RegExp;
  readonly message?: RegExp;
  readonly does: Action;
  readonly tells: string;
  /** Whether what was said is shown: our own words as they are, of BigQuery's those that name a thing or a permission. */
  readonly quotes?: boolean;
}

/**
 * The rules, the first that fits counting. Sources: cloud.google.com/bigquery/docs/error-messages for reasons and
 * statuses, and the client's behaviour as measured (docs/bigquery.md).
 */
export const RULES: readonly Rule[] = [
  { of: 'job', reason: /^(invalid|invalidQuery)$/, message: /Provided Schema does not match|Cannot add fields|No such field/i, does: 'mend-table', tells: 'the table lacks a column' },
  { of: 'job', reason: /^notFound$/, does: 'mend-table', tells: 'the table is gone' },
  { of: 'job', reason: /^quotaExceeded$/, does: 'quota', tells: 'a quota of BigQuery is used up' },
  { of: 'job', reason: /^(accessDenied|billingNotEnabled|blocked)$/, does: 'person', tells: 'BigQuery refuses the load', quotes: true },
  { of: 'job', reason: /^(invalid|resourcesExceeded|responseTooLarge|duplicate)$/, does: 'person', tells: 'BigQuery cannot load these rows' },
  { of: 'job', does: 'next-id', tells: 'BigQuery failed at a load' },
  { reason: /^duplicate$/, does: 'look-up', tells: 'a job of this id is there' },
  { reason: /^(rateLimitExceeded|jobRateLimitExceeded)$/, does: 'wait', tells: 'BigQuery asks to go slower' },
  { reason: /^(quotaExceeded|dailyLimitExceeded)$/, does: 'quota', tells: 'a quota of BigQuery is used up' },
  { reason: /^(backendError|internalError|jobBackendError|jobInternalError|tableUnavailable)$/, does: 'wait', tells: 'BigQuery has a fault of its own' },
  { reason: /^(invalid_grant|invalid_client|unauthorized_client)$/, does: 'person', tells: 'the key is not, or no longer, valid; make another in the Google Cloud console' },
  { reason: /^(no-key|bad-key|unreadable-key|bad-target|bad-endpoint|cloud-conflict|large-integer|not-taken|spool-rejected|data-folder)$/, does: 'person', tells: '', quotes: true },
  { reason: /^(database-|sink-running|writer|job-lost)/, does: 'wait', tells: '', quotes: true },
  { message: /Could not load the default credentials|Unable to detect a Project Id/, does: 'person', tells: 'there is no key: name one with --credentials FILE or GOOGLE_APPLICATION_CREDENTIALS, or run `gcloud auth application-default login`' },
  { status: 401, does: 'person', tells: 'BigQuery does not accept the key' },
  { status: 403, does: 'person', tells: 'the project refuses', quotes: true },
  { reason: /^notFound$/, message: /not found: table/i, does: 'mend-table', tells: 'the table is gone' },
  { status: 404, does: 'person', tells: 'the project or the dataset is not there', quotes: true },
  { status: 409, does: 'look-up', tells: 'a job of this id is there' },
  { status: 429, does: 'wait', tells: 'BigQuery asks to go slower' },
  { status: 408, does: 'wait', tells: 'BigQuery was slow to answer' },
  { status: 413, does: 'person', tells: 'BigQuery takes no batch of this size' },
  { status: 500, does: 'wait', tells: 'BigQuery has a fault of its own' },
  { status: 502, does: 'wait', tells: 'BigQuery has a fault of its own' },
  { status: 503, does: 'wait', tells: 'BigQuery is not available at the moment' },
  { status: 504, does: 'wait', tells: 'BigQuery was slow to answer' },
  { reason: /^(ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH)$/, does: 'wait', tells: 'BigQuery cannot be reached: no internet' },
  { reason: /^(ECONNREFUSED|ETIMEDOUT|ENETDOWN)$/, does: 'wait', tells: 'BigQuery cannot be reached' },
  { reason: /^(ECONNRESET|EPIPE|ECONNABORTED|timed-out)$/, does: 'wait', tells: 'the connection to BigQuery was lost' },
  { status: 400, does: 'person', tells: 'BigQuery does not understand the request' },
];

/** What is done where no rule fits: most such faults are of the network and pass. */
const OTHERWISE: Rule = { does: 'wait', tells: 'BigQuery cannot be reached' };

/** The rule for `fault`. */
export function ruleFor(fault: Fault): Rule {
  return (
    RULES.find(
      ({ of, status, reason, message }) =>
        (of === undefined || of === fault.of) &&
        (status === undefined || status === fault.status) &&
        (reason === undefined || reason.test(fault.reason)) &&
        (message === undefined || message.test(fault.message)),
    ) ?? OTHERWISE
  );
}

/** Longest quotation of BigQuery's words. */
const QUOTED_CHARACTERS = 300;

/**
 * What is quoted of BigQuery's words, which may hold a row's values or what was sent with a request: what was denied or not
 * found, which permission is lacking, and what a project has to be given first.
 */
const QUOTABLE =
  /\bAccess Denied\b(?:: (?:Project|Dataset|Table) [\w.:-]*\w)?|\bNot found: (?:Project|Dataset|Table) [\w.:-]*\w|\bbigquery\.[a-z]+\.[A-Za-z]+\b|\bBilling has not been enabled\b|\bAPI has not been used\b|\bVPC Service Controls\b/g;

/** A reason is a word; whatever else an answer has in its place is not shown. */
const REASON = /^[A-Za-z][A-Za-z_-]{0,40}$/;

/** The fault in one line for a person: never a token, nor what a row holds. */
export function tell(fault: Fault, rule: Rule): string {
  const what = [fault.status, REASON.test(fault.reason) ? fault.reason : undefined].filter((part) => part !== undefined).join(' ');
  if (rule.tells === '') return fault.message.replaceAll(/\s*\n\s*/g, ' ').slice(0, QUOTED_CHARACTERS);
  const quoted = rule.quotes === true ? [...new Set(fault.message.match(QUOTABLE))].join(', ').slice(0, QUOTED_CHARACTERS) : '';
  return `${rule.tells}${what === '' ? '' : ` (${what})`}${quoted === '' ? '' : `: ${quoted}`}`;
}
