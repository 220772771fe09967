import { expect, test } from 'vitest';
import { SluiceError } from '../../../../runtime/errors.ts';
import { JobFailed, faultOf, jobFault } from '../../../../sink/upload/fault.ts';
import { ruleFor, tell } from '../../../../sink/upload/rules.ts';

/** An error as Google's client throws it. */
function answered(code: number, reason: string, message = 'said so'): Error {
  return Object.assign(new Error(message), { code, errors: [{ reason, message }] });
}

function failed(code: string): Error {
  return Object.assign(new Error(`connect ${code} 127.0.0.1`), { code });
}

test.each([
  [answered(409, 'duplicate'), 'look-up'],
  [answered(503, 'backendError'), 'wait'],
  [answered(503, ''), 'wait'],
  [answered(500, 'internalError'), 'wait'],
  [answered(502, ''), 'wait'],
  [answered(504, ''), 'wait'],
  [answered(429, ''), 'wait'],
  [answered(403, 'rateLimitExceeded'), 'wait'],
  [answered(403, 'quotaExceeded'), 'quota'],
  [answered(403, 'accessDenied'), 'person'],
  [answered(403, 'billingNotEnabled'), 'person'],
  [answered(401, 'authError'), 'person'],
  [answered(404, 'notFound', 'Not found: Dataset p:d'), 'person'],
  [answered(404, 'notFound', 'Not found: Table p:d.t'), 'mend-table'],
  [answered(400, 'invalid'), 'person'],
  [answered(413, ''), 'person'],
  [failed('ECONNREFUSED'), 'wait'],
  [failed('ENOTFOUND'), 'wait'],
  [failed('ECONNRESET'), 'wait'],
  [failed('ETIMEDOUT'), 'wait'],
  [Object.assign(new Error('network timeout at: https://x'), { type: 'request-timeout' }), 'wait'],
  [new SluiceError('timed-out', 'no answer'), 'wait'],
  [new SluiceError('no-key', 'there is no key file k.json'), 'person'],
  [new SluiceError('not-taken', 'the database does not take what is to be recorded'), 'person'],
  [new SluiceError('data-folder', 'cannot open or write data/sluice.db3'), 'person'],
  [new SluiceError('database-full', 'no space is left'), 'wait'],
  [new Error('something else'), 'wait'],
  [Object.assign(new Error('invalid_grant: Invalid JWT Signature.'), { response: { status: 400, data: { error: 'invalid_grant' } } }), 'person'],
] as const)('%s is met with: %s (%#)', (error, action) => {
  expect(ruleFor(faultOf(error)).does).toBe(action);
});

test.each([
  ['backendError', 'said so', 'next-id'],
  ['stopped', 'said so', 'next-id'],
  ['quotaExceeded', 'said so', 'quota'],
  ['accessDenied', 'said so', 'person'],
  ['invalid', 'Error while reading data, message: could not parse 0.123 as INT64 for field seed', 'person'],
  ['invalid', 'Error while reading data, message: No such field: extra.', 'mend-table'],
  ['notFound', 'Not found: Table p:d.t', 'mend-table'],
])('a job that fails with %s (%s) is met with: %s', (reason, message, action) => {
  const fault = jobFault({ reason, message });
  expect(ruleFor(fault!).does).toBe(action);
  expect(faultOf(new JobFailed(fault!))).toEqual(fault);
});

test('a job without an error has no fault', () => {
  expect(jobFault(undefined)).toBeUndefined();
});

test('what is told has no row content, and no token', () => {
  const row = jobFault({ reason: 'invalid', message: 'could not parse 0.123456789 as INT64 for field seed' })!;
  expect(tell(row, ruleFor(row))).toBe('BigQuery cannot load these rows (invalid)');
  const refused = faultOf(answered(403, 'accessDenied', 'Access Denied: Bearer ya29.secret\neyJhbGciOi.eyJpc3Mi.x-y may not'));
  const line = tell(refused, ruleFor(refused));
  expect(line).toBe('the project refuses (403 accessDenied): Access Denied');
  const odd = faultOf(Object.assign(new Error('no'), { response: { status: 400, data: { error: 'token fake-0123 is bad' } } }));
  expect(tell(odd, ruleFor(odd))).toBe('BigQuery does not understand the request (400)');
});

test.each([
  [403, 'accessDenied', 'Access Denied: Project p-1: User does not have bigquery.jobs.create permission in project p-1; the row was 0.123', 'the project refuses (403 accessDenied): Access Denied: Project p-1, bigquery.jobs.create'],
  [403, 'accessDenied', 'BigQuery API has not been used in project p-1 before or it is disabled. Enable it by visiting https://x', 'the project refuses (403 accessDenied): API has not been used'],
  [403, 'billingNotEnabled', 'Billing has not been enabled for this project. Enable billing at https://x', 'the project refuses (403 billingNotEnabled): Billing has not been enabled'],
  [404, 'notFound', 'Not found: Dataset p-1:EMS was not found in location EU', 'the project or the dataset is not there (404 notFound): Not found: Dataset p-1:EMS'],
])('of the words of a %i %s what can be no row is quoted (%#)', (status, reason, message, told) => {
  const fault = faultOf(answered(status, reason, message));
  expect(tell(fault, ruleFor(fault))).toBe(told);
});
