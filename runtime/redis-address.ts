import { mistake } from './errors.ts';

/** The Redis that a broker runs on, with its password; never to be logged as it stands. */
export interface RedisAddress {
  readonly url: string;
  /** The one certificate (PEM) that a server at a rediss: URL may show; where absent, the system's authorities judge it. */
  readonly certificate?: string;
}

/** The address that `text` gives, or a mistake that says what a Redis URL looks like. */
export function parseRedisUrl(text: string): RedisAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['redis:', 'rediss:'].includes(url.protocol) || url.hostname === '') {
    throw mistake('bad-redis-url', `not a Redis URL: expected redis://[user:password@]host[:port][/database], found "${redactUrl(text)}"`);
  }
  if (!/^(\/\d*)?$/.test(url.pathname)) {
    throw mistake('bad-redis-url', `the database in a Redis URL is a number, as in redis://host:6379/2; found "${redactUrl(text)}"`);
  }
  return { url: url.href };
}

/** Whether a connection to the address leaves this machine without TLS; a name other than localhost may be any machine. */
export function isPlainBeyondLoopback({ url }: RedisAddress): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'redis:' && !isLoopback(hostname);
}

/** Whether a host, as a URL or a socket has it, is this machine by its loopback address or by `localhost`. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || /^127\.\d+\.\d+\.\d+$/.test(host) || ['::1', '[::1]'].includes(host);
}

/** The URL without what is secret in it, for messages and logs. */
export function redactUrl(text: string): string {
  // To the last @: a password may hold a slash or an @ that its owner forgot to escape; ioredis also takes ?password=.
  return text.replace(/\/\/.*@/s, '//').replace(/[?#].*$/s, '');
}
