import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openWorkspace } from '../harness/workspace.ts';
import { openFake, refusalOf } from './open.ts';

const CHILD = join(import.meta.dirname, 'child-exists.ts');
const MAIN = join(import.meta.dirname, '..', '..', 'fake-bigquery', 'main.ts');

test('a service account’s key is exchanged for a token by the real client, led to the fake by its environment', async () => {
  const { fake } = await openFake({ auth: 'token' });
  await using keys = openWorkspace('fake-bigquery-keys');
  const { env } = await fake.credentials(keys.folder);
  expect(await childOf(fake.endpoint, env)).toMatchObject({ code: 0, stdout: 'false\n' });
  expect(fake.requests.map(({ kind, outcome }) => `${kind} ${outcome}`)).toEqual(['token 200', 'get-dataset 404']);
});

test('a key that is not the account’s gets no token', async () => {
  const { fake } = await openFake({ auth: 'token' });
  const { fake: stranger } = await openFake();
  await using keys = openWorkspace('fake-bigquery-keys');
  await using strange = openWorkspace('fake-bigquery-strange');
  const { env, keyFile } = await fake.credentials(keys.folder);
  await writeFile(keyFile, await readFile((await stranger.credentials(strange.folder)).keyFile));
  const end = await childOf(fake.endpoint, env);
  expect([end.code, end.stderr]).toEqual([1, expect.stringContaining('Invalid JWT Signature')]);
});

test('a fake that wants a token refuses requests without one', async () => {
  const { client } = await openFake({ auth: 'token' });
  expect(await refusalOf(client.dataset('d').getMetadata())).toMatchObject({ code: 401, reasons: ['authError'] });
});

test('as a proxy it leads to itself alone: nothing that was meant for it can reach Google', async () => {
  const { fake } = await openFake();
  await using keys = openWorkspace('fake-bigquery-keys');
  const { env } = await fake.credentials(keys.folder);
  const end = await childOf('https://bigquery.googleapis.com', env);
  expect([end.code, end.stderr]).toEqual([1, expect.stringContaining('This is a fake of BigQuery, no proxy')]);
});

test('started alone it says that it is a fake, before anything else', async () => {
  await using workspace = openWorkspace('fake-bigquery-alone');
  const command = workspace.script(MAIN, '--port', '0');
  await expect.poll(() => command.stdout, { timeout: 20_000 }).toContain('NODE_EXTRA_CA_CERTS');
  expect(command.stdout).toMatch(/^THIS IS A FAKE: fake BigQuery \(a test double of Sluice, not Google\)/);
  expect((await command.end('SIGTERM')).code).toBe(0);
});

async function childOf(endpoint: string, environment: Readonly<Record<string, string>>): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  await using workspace = openWorkspace('fake-bigquery-child', { environment });
  return await workspace.script(CHILD, 'fake-project', endpoint).ended;
}
