import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findKeyFile } from '../../../../sink/upload/key-file.ts';
import { temporaryDirectory } from '../../store/entries.ts';

const KEY = { type: 'service_account', client_email: 'a@b', private_key: '-----BEGIN PRIVATE KEY-----\nSECRET\n-----END PRIVATE KEY-----\n' };

function keyFile(content: string, mode = 0o600): string {
  const path = join(temporaryDirectory(), 'key.json');
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

test('a key for its owner alone is taken without a word', () => {
  const path = keyFile(JSON.stringify(KEY));
  expect(findKeyFile(path)).toEqual({ path, type: 'service_account', warning: undefined });
});

test('a key that others can read is taken with a warning that says what to type', () => {
  const path = keyFile(JSON.stringify(KEY), 0o644);
  expect(findKeyFile(path).warning).toContain(`\`chmod 600 ${path}\``);
});

test.each([
  ['no JSON', '{"type": "service_account", SECRET'],
  ['another document', '{"secret": "SECRET"}'],
  ['a key without its private part', JSON.stringify({ ...KEY, private_key: '' })],
  ['nothing', ''],
])('%s is refused in one line that quotes nothing of it', (_, content) => {
  const path = keyFile(content);
  expect(() => findKeyFile(path)).toThrow(expect.objectContaining({ code: 'bad-key', exitCode: 2, message: expect.not.stringContaining('SECRET') as string }) as Error);
  expect(() => findKeyFile(path)).toThrow(/^[^\n]+$/);
});

test('a key that is not there is told with where it was looked for', () => {
  expect(() => findKeyFile('no-such-key-of-mine.json')).toThrow(/here or in ~\/\.config\/gcloud\//);
  expect(() => findKeyFile('/nowhere/key.json')).toThrow(/there is no key file \/nowhere\/key.json;/);
});

test('a folder in the place of a key cannot be read', () => {
  expect(() => findKeyFile(temporaryDirectory())).toThrow(expect.objectContaining({ code: 'unreadable-key' }) as Error);
});
