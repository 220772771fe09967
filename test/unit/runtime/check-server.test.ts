import { expect, test } from 'vitest';
import { checkServer } from '../../../runtime/redis-connection.ts';

const ADDRESS = { url: 'redis://:secret@host:6379' };

/** The answer of a Redis to INFO, in so far as it is looked at. */
function info(version: string, policy = 'noeviction'): string {
  return `# Server\r\nredis_version:${version}\r\nredis_mode:standalone\r\n# Memory\r\nmaxmemory:0\r\nmaxmemory_policy:${policy}\r\n`;
}

test.each(['6.2.0', '6.2.14', '7.0.0', '8.0.2', '10.1.0'])('a Redis of version %s that evicts nothing suits', (version) => {
  expect(() => checkServer(info(version), ADDRESS)).not.toThrow();
});

test.each(['6.0.16', '5.0.7', '2.8.0', '6.1.240'])('a Redis of version %s is too old, and the line tells both versions and no password', (version) => {
  const expected = { code: 'redis-too-old', exitCode: 1, message: `the Redis at redis://host:6379 is version ${version}; 6.2 or newer is needed` };
  expect(() => checkServer(info(version), ADDRESS)).toThrow(expect.objectContaining(expected));
});

test.each(['allkeys-lru', 'volatile-ttl', 'allkeys-random'])('a Redis with the eviction policy %s is refused, and the line tells what to type', (policy) => {
  const expected = { code: 'redis-evicts', message: expect.stringMatching(`^the Redis at redis://host:6379 .*${policy}.*redis-cli config set maxmemory-policy noeviction$`) };
  expect(() => checkServer(info('7.2.0', policy), ADDRESS)).toThrow(expect.objectContaining(expected));
});

test('what is no answer of a Redis is refused', () => {
  expect(() => checkServer('', ADDRESS)).toThrow(expect.objectContaining({ code: 'redis-too-old' }));
});
