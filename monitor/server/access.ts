import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Bytes of a token: 256 bits, which nobody guesses. */
const TOKEN_BYTES = 32;

/** Browsers that are let in at a time; one more and the first has to come in anew. */
const MOST_SESSIONS = 64;

/** Who may come in: whoever has a link that was not used yet, and then whoever has the cookie that it was exchanged for. */
export interface Access {
  /** The token of the link that is valid now. */
  readonly linkToken: string;
  /** The cookie's value for a link's token, which is valid no more; undefined for any other text. A fresh link is valid then. */
  exchange(token: string): string | undefined;
  /** Whether `cookie` was given to a browser. */
  isKnown(cookie: string): boolean;
}

/** Access for nobody yet; `onFresh` is told each link's token but the first. */
export function openAccess(onFresh: (linkToken: string) => void): Access {
  let linkToken = newToken();
  const sessions: Buffer[] = [];
  return {
    get linkToken() {
      return linkToken;
    },
    exchange: (token) => {
      if (!isSame(token, linkToken)) return undefined;
      linkToken = newToken();
      onFresh(linkToken);
      const cookie = newToken();
      sessions.push(digestOf(cookie));
      if (sessions.length > MOST_SESSIONS) sessions.shift();
      return cookie;
    },
    isKnown: (cookie) => {
      const digest = digestOf(cookie);
      // All are compared, so that the time tells nothing.
      return sessions.filter((one) => timingSafeEqual(one, digest)).length > 0;
    },
  };
}

/** A token of 256 random bits, in letters that a URL takes. */
export function newToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url');
}

/** Whether two tokens are the same, in a time that does not tell where they differ. */
export function isSame(a: string, b: string): boolean {
  return timingSafeEqual(digestOf(a), digestOf(b));
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
