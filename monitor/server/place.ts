import { mistake } from '../../runtime/errors.ts';

/** Where the page is, as a browser says it. */
export interface Place {
  /** Scheme, host and port that the link has. */
  readonly origin: string;
  /** Values of the Host header that are ours; any other is a name that somebody pointed here (DNS rebinding). */
  readonly hosts: ReadonlySet<string>;
  /** Values of the Origin header that are ours. */
  readonly origins: ReadonlySet<string>;
  /** Bound to the port: cookies are not told apart by it, so that several pages on one host would share one. */
  readonly cookie: string;
  /** Whether the browser comes by https. */
  readonly isSecure: boolean;
}

const LOOPBACK: readonly string[] = ['127.0.0.1', '::1', 'localhost'];

/** Addresses that stand for all of a machine's, and are no name of it. */
const EVERYWHERE: readonly string[] = ['0.0.0.0', '::', ''];

/** The place of a server that listens on `port` of `bind`; `url` where a browser reaches it by another address. */
export function placeOf(bind: string, port: number, url: string | undefined): Place {
  const names = LOOPBACK.includes(bind) ? [...new Set([bind, ...LOOPBACK])] : EVERYWHERE.includes(bind) ? LOOPBACK : [bind];
  const own = names.map((name) => new URL(`http://${bracketed(name)}:${port}`));
  const told = url === undefined ? undefined : parseUrl(url);
  const all = [...(told === undefined ? [] : [told]), ...own];
  const { origin, protocol } = all[0]!;
  return {
    origin,
    hosts: new Set(all.map(({ host }) => host)),
    origins: new Set(all.map((one) => one.origin)),
    cookie: `sluice-${port}`,
    isSecure: protocol === 'https:',
  };
}

/** Throws where a server on `bind` would not know what it is called. */
export function checkBind(bind: string, url: string | undefined): void {
  if (url !== undefined) return void parseUrl(url);
  if (EVERYWHERE.includes(bind)) throw mistake('bad-option', `--bind ${bind} is every address of this machine; say by --url which one a browser uses, as in --url http://node1:8285`);
}

function bracketed(name: string): string {
  return name.includes(':') ? `[${name}]` : name;
}

function parseUrl(text: string): URL {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || url.pathname !== '/' || url.search + url.hash + url.username + url.password !== '') {
    throw mistake('bad-option', `--url "${text}": expected scheme, host and port alone, as in http://localhost:8285`);
  }
  return url;
}
