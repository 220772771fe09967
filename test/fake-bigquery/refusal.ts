/** What the fake answers where BigQuery would refuse: an HTTP status, a reason and a message, in Google's form. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly reason: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, reason: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.reason = reason;
    this.headers = headers;
  }
}

/** The word that Google's errors carry beside each HTTP status. */
const STATUS_WORDS: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  409: 'ALREADY_EXISTS',
  412: 'FAILED_PRECONDITION',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  501: 'UNIMPLEMENTED',
  503: 'UNAVAILABLE',
};

/** The body of an error's answer: `{ error: { code, message, errors: [{ message, domain, reason }], status } }`. */
export function errorBody(refusal: Refusal): unknown {
  const { status, reason, message } = refusal;
  const errors = [{ message, domain: 'global', reason }];
  return { error: { code: status, message, errors, status: STATUS_WORDS[status] ?? 'UNKNOWN' } };
}

/** 400 `invalid`: the request itself is wrong. */
export function invalid(message: string): Refusal {
  return new Refusal(400, 'invalid', message);
}

/** 400 `invalidQuery`: GoogleSQL that BigQuery refuses, or that is neither of the two kinds which the fake knows. */
export function invalidQuery(message: string): Refusal {
  return new Refusal(400, 'invalidQuery', message);
}

/** 404 `notFound`, in BigQuery's words: `Not found: Table p:d.t`. */
export function notFound(what: string): Refusal {
  return new Refusal(404, 'notFound', `Not found: ${what}`);
}

/** 409 `duplicate`, in BigQuery's words: `Already Exists: Job p:US.id`. */
export function duplicate(what: string): Refusal {
  return new Refusal(409, 'duplicate', `Already Exists: ${what}`);
}

/** 501 `notImplemented`: BigQuery may be able to, this fake is not; a test that needs it needs another fake. */
export function notImitated(what: string): Refusal {
  return new Refusal(501, 'notImplemented', `This is a fake of BigQuery, which does not imitate ${what}`);
}
