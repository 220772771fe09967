import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { brokerFileIn, findBroker, readBrokerFile, removeBrokerFile, requireBroker, writeBrokerFile, type BrokerClues, type BrokerFile } from '../../../runtime/broker-file.ts';
import { temporaryFolder } from './folder.ts';

const DEAD_PID = 2 ** 22 + 1;

/** A namespace under which no home has a broker. */
const NAMESPACE = 'of_a_unit_test';

function brokerAt(port: number, changes: Partial<BrokerFile> = {}): BrokerFile {
  return { url: `redis://:secret@127.0.0.1:${port}`, namespace: 'sluice', by: 'up', pid: process.pid, host: 'here', data: '/data', startedAtMs: 1, generation: 0, ...changes };
}

function clues(data: string, changes: Partial<BrokerClues> = {}): BrokerClues {
  return { redis: undefined, connection: undefined, data, namespace: NAMESPACE, insecurePlain: false, ...changes };
}

test('the file comes back as it was written, for its owner alone, and leaves nothing beside it', () => {
  const folder = join(temporaryFolder(), 'new', 'data');
  writeBrokerFile(brokerFileIn(folder), brokerAt(1));
  writeBrokerFile(brokerFileIn(folder), brokerAt(2));
  expect(readBrokerFile(brokerFileIn(folder))).toEqual(brokerAt(2));
  expect(statSync(brokerFileIn(folder)).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(['broker.json']);
});

test('a process removes its own file and no other\'s', () => {
  const file = brokerFileIn(temporaryFolder());
  writeBrokerFile(file, brokerAt(1));
  removeBrokerFile(file, { ...brokerAt(1), pid: DEAD_PID });
  removeBrokerFile(file, { ...brokerAt(1), host: 'there' });
  removeBrokerFile(file, { ...brokerAt(1), generation: 1 });
  expect(readBrokerFile(file)).toEqual(brokerAt(1));
  removeBrokerFile(file, brokerAt(1));
  expect(readBrokerFile(file)).toBeUndefined();
  removeBrokerFile(file, brokerAt(1));
});

test.each(['', '{', '[]', '{"url": "redis://:secret@h"}', JSON.stringify({ ...brokerAt(1), by: 'me' }), JSON.stringify({ ...brokerAt(1), pid: 0 })])('%j is no connection file, and its content is not told', (text) => {
  const file = brokerFileIn(temporaryFolder());
  writeFileSync(file, text);
  expect(() => readBrokerFile(file)).toThrow(expect.objectContaining({ code: 'bad-broker-file', message: expect.stringContaining(`${file} is no connection file`) }));
  expect(() => readBrokerFile(file)).not.toThrow(/secret/);
});

test('a folder in the file\'s place is told of', () => {
  expect(() => readBrokerFile(temporaryFolder())).toThrow(expect.objectContaining({ code: 'bad-broker-file' }));
});

test('the rule: the URL, then the named file, then that of the data folder', () => {
  const folder = temporaryFolder();
  const named = join(folder, 'named.json');
  const data = join(folder, 'data');
  writeBrokerFile(named, brokerAt(2, { namespace: 'other' }));
  writeBrokerFile(brokerFileIn(data), brokerAt(3));
  const port = (of: BrokerClues): string | undefined => new URL(findBroker(of)?.address.url ?? 'redis://h:0').port;
  expect(port(clues(data, { redis: 'redis://localhost:1', connection: named }))).toBe('1');
  expect(port(clues(data, { connection: named }))).toBe('2');
  expect(port(clues(data))).toBe('3');
  expect(findBroker(clues(data, { redis: 'redis://localhost:1' }))).toMatchObject({ namespace: NAMESPACE });
  // A file knows the namespace of its broker better than our settings.
  expect(findBroker(clues(data, { connection: named }))).toMatchObject({ namespace: 'other' });
});

test('where nothing names a broker there is none, and whoever needs one is told what to type', async () => {
  const data = temporaryFolder();
  expect(readBrokerFile(join(homedir(), '.sluice', NAMESPACE, 'broker.json'))).toBeUndefined();
  expect(findBroker(clues(data))).toBeUndefined();
  await expect(requireBroker(clues(data))).rejects.toThrow(expect.objectContaining({ code: 'no-broker', message: expect.stringMatching(/`sluice up`.*--redis or REDIS_URL/) }));
  expect(() => findBroker(clues(data, { connection: join(data, 'none') }))).toThrow(expect.objectContaining({ code: 'no-broker', message: expect.stringContaining('SLUICE_CONNECTION') }));
});

test('the file of a run that has ended, however its process number is used now, is that of an ended broker', async () => {
  const data = temporaryFolder();
  writeBrokerFile(brokerFileIn(data), brokerAt(1, { by: 'run' }));
  expect((await requireBroker(clues(data))).advice).toContain('has ended');
});

test('of a broker of another host nobody says that it has ended: its port may be out of reach', () => {
  const data = temporaryFolder();
  writeBrokerFile(brokerFileIn(data), brokerAt(1, { host: 'another' }));
  expect(findBroker(clues(data))?.advice).toMatch(/on another: either that has ended, .* or this host does not reach that port/);
});

test('a broker tells where its file is, and which certificate its server shows', () => {
  const data = temporaryFolder();
  expect(findBroker(clues(data, { redis: 'redis://127.0.0.1:1' }))).not.toHaveProperty('path');
  writeBrokerFile(brokerFileIn(data), brokerAt(1, { url: 'rediss://:secret@10.0.0.1:1', certificate: 'PEM' }));
  expect(findBroker(clues(data))).toMatchObject({ path: brokerFileIn(data), address: { url: 'rediss://:secret@10.0.0.1:1', certificate: 'PEM' } });
});

test.each(['10.77.0.1', 'login', 'redis.example.org', '[2001:db8::1]'])('a Redis without TLS at %s is refused, named by a URL or by a file, unless it is allowed', (host) => {
  const data = temporaryFolder();
  const url = `redis://:secret@${host}:6379`;
  writeBrokerFile(brokerFileIn(data), brokerAt(1, { url }));
  for (const of of [clues(data), clues(data, { redis: url })]) {
    expect(() => findBroker(of)).toThrow(expect.objectContaining({ code: 'plain-redis', exitCode: 2, message: expect.stringMatching(/unencrypted.*SLUICE_INSECURE_PLAIN=1/) }));
    expect(() => findBroker(of)).not.toThrow(/secret/);
    expect(findBroker({ ...of, insecurePlain: true })?.address.url).toBe(url);
  }
});

test.each(['127.0.0.1', '127.0.0.2', 'localhost', '[::1]'])('a Redis without TLS at %s does not leave the machine', (host) => {
  expect(findBroker(clues(temporaryFolder(), { redis: `redis://:secret@${host}:6379` }))).toBeDefined();
});

test('the password is in the file and in no advice', () => {
  const data = temporaryFolder();
  writeBrokerFile(brokerFileIn(data), brokerAt(1));
  expect(readFileSync(brokerFileIn(data), 'utf8')).toContain('secret');
  expect(findBroker(clues(data))?.advice).not.toContain('secret');
});
