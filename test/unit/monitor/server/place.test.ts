import { expect, test } from 'vitest';
import { openAccess } from '../../../../monitor/server/access.ts';
import { checkBind, placeOf } from '../../../../monitor/server/place.ts';

test('on loopback the page has the names of loopback, and no other', () => {
  const { origin, hosts, origins, cookie, isSecure } = placeOf('127.0.0.1', 8285, undefined);
  expect([origin, cookie, isSecure]).toEqual(['http://127.0.0.1:8285', 'sluice-8285', false]);
  expect([...hosts].sort()).toEqual(['127.0.0.1:8285', '[::1]:8285', 'localhost:8285']);
  expect([...origins].sort()).toEqual(['http://127.0.0.1:8285', 'http://[::1]:8285', 'http://localhost:8285']);
});

test('the address that --url gives leads, and a cookie for https is never sent without it', () => {
  expect(placeOf('0.0.0.0', 8285, 'https://runs.example.org')).toMatchObject({ origin: 'https://runs.example.org', isSecure: true });
  expect(placeOf('0.0.0.0', 8285, 'https://runs.example.org').hosts.has('runs.example.org')).toBe(true);
});

test('an address that a browser cannot use is refused with what to type', () => {
  expect(() => checkBind('0.0.0.0', undefined)).toThrow('--url');
  for (const url of ['example.org', 'ftp://example.org', 'http://a/path', 'http://a?b', 'http://u:p@a']) expect(() => checkBind('127.0.0.1', url)).toThrow('expected scheme, host and port');
  expect(() => checkBind('0.0.0.0', 'http://localhost:9000')).not.toThrow();
});

test('a token is exchanged once, and the newest 64 browsers stay in', () => {
  const fresh: string[] = [];
  const access = openAccess((token) => fresh.push(token));
  const first = access.linkToken;
  const cookie = access.exchange(first)!;
  expect([access.exchange(first), access.exchange(''), fresh]).toEqual([undefined, undefined, [access.linkToken]]);
  expect([access.isKnown(cookie), access.isKnown(first), access.isKnown('')]).toEqual([true, false, false]);
  const others = Array.from({ length: 64 }, () => access.exchange(access.linkToken)!);
  expect([access.isKnown(cookie), others.every((one) => access.isKnown(one))]).toEqual([false, true]);
});
