import type { Context, MiddlewareHandler } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { isSame, type Access } from './access.ts';
import type { Place } from './place.ts';
import { refuse } from './refusal.ts';

/** What the page's own files may do: run its scripts, and talk to its server; nothing inline, nothing from elsewhere. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

const HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': POLICY,
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/** A page that loads its address again: a cookie of SameSite=Strict does not come with a link that was followed from another site. */
const AGAIN = '<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="0"><title>Sluice</title><p>Loading the page.</p></html>\n';

/** Sets the headers of every answer, and refuses a name that is not ours. */
export function guardPlace(place: Place): MiddlewareHandler {
  return async (context, next) => {
    for (const [name, value] of Object.entries(HEADERS)) context.header(name, value);
    const host = context.req.header('host') ?? '';
    if (!place.hosts.has(host)) return refuse(context, 421, `this is not ${host.slice(0, 100)}; open the link that \`sluice dashboard\` printed`);
    return await next();
  };
}

/** Refuses what would change something unless the page itself asks for it. */
export function guardWrites(place: Place): MiddlewareHandler {
  return async (context, next) => {
    if (['GET', 'HEAD'].includes(context.req.method)) return await next();
    const { origin, site } = { origin: context.req.header('origin'), site: context.req.header('sec-fetch-site') };
    const isOurs = origin !== undefined && place.origins.has(origin) && (site === undefined || site === 'same-origin');
    return isOurs ? await next() : refuse(context, 403, 'a change is asked for by the page itself alone');
  };
}

/** Refuses whoever has not come in. */
export function guardCookie(place: Place, access: Access): MiddlewareHandler {
  return async (context, next) => {
    if (isIn(context, place, access)) return await next();
    const isLink = context.req.header('sec-fetch-site') === 'cross-site' && context.req.header('sec-fetch-mode') === 'navigate';
    if (isLink && context.req.method === 'GET') return context.html(AGAIN, 401);
    return refuse(context, 401, 'open the link that `sluice dashboard` printed; each lets one browser in');
  };
}

/** The same for metrics: a scraper shows the token of DATA/dashboard.token. */
export function guardMetrics(place: Place, access: Access, bearer: string | undefined): MiddlewareHandler {
  const cookie = guardCookie(place, access);
  return async (context, next) => {
    const given = /^Bearer (\S+)$/.exec(context.req.header('authorization') ?? '')?.[1];
    if (given === undefined) return await cookie(context, next);
    return bearer !== undefined && isSame(given, bearer) ? await next() : refuse(context, 401, 'the token is not that of dashboard.token');
  };
}

function isIn(context: Context, place: Place, access: Access): boolean {
  return access.isKnown(getCookie(context, place.cookie) ?? '');
}

/** `/enter`: a link's token for a cookie. */
export function enter(place: Place, access: Access): (context: Context) => Response {
  return (context) => {
    const cookie = access.exchange(context.req.query('token') ?? '');
    if (cookie === undefined) {
      // A browser that is in already opens its old link again.
      return isIn(context, place, access) ? context.redirect('/', 303) : refuse(context, 403, 'this link was used, or is none of ours; each lets one browser in, and `sluice dashboard` printed a fresh one');
    }
    setCookie(context, place.cookie, cookie, { httpOnly: true, sameSite: 'Strict', path: '/', secure: place.isSecure });
    return context.redirect('/', 303);
  };
}
