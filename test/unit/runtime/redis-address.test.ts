import { expect, test } from 'vitest';
import { parseRedisUrl, redactUrl } from '../../../runtime/redis-address.ts';

test.each(['redis://host', 'redis://host:6379', 'rediss://user:secret@host:6380/2', 'redis://:s%2Fe@127.0.0.1:1', 'redis://[::1]:6379/0'])('%s is a Redis URL', (text) => {
  expect(parseRedisUrl(text).url).toBe(new URL(text).href);
});

test.each(['', 'host', 'host:6379', 'http://:secret@host', 'redis://', 'redis:host', '//:secret@host', 'redis://:secret@ho st', 'redis://:se/cret@host'])(
  '%j is none: a mistake that shows an example, and no password',
  (text) => {
    expect(() => parseRedisUrl(text)).toThrow(expect.objectContaining({ code: 'bad-redis-url', exitCode: 2, message: expect.stringMatching(/redis:\/\/\[user:password@\]host|is a number/) }));
    expect(() => parseRedisUrl(text)).not.toThrow(/cret@/);
  },
);

test.each(['redis://:secret@host/x', 'redis://:secret@host/1/2', 'redis://:secret@host/-1'])('%s names no database: a mistake without the password', (text) => {
  expect(() => parseRedisUrl(text)).toThrow(/the database in a Redis URL is a number.*found "redis:\/\/host\//);
});

test.each([
  ['redis://user:secret@host:1/2', 'redis://host:1/2'],
  ['redis://:s@cret@host', 'redis://host'],
  ['redis://:s/cret@host', 'redis://host'],
  ['redis://:secret@h@host:1', 'redis://host:1'],
  ['redis://host:1?password=secret', 'redis://host:1'],
  ['redis://host:1#secret', 'redis://host:1'],
  ['redis://host:6379/2', 'redis://host:6379/2'],
  ['no url', 'no url'],
])('%s is shown as %s', (text, shown) => {
  expect(redactUrl(text)).toBe(shown);
});
