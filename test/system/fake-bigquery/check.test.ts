import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openWorkspace } from '../harness/workspace.ts';
import { openFake } from './open.ts';

const CHECK = join(import.meta.dirname, '..', '..', 'fake-bigquery', 'check.ts');

test('the check against a real project finds two fakes alike, and tells where one answers differently', async () => {
  const { fake } = await openFake({ auth: 'token' });
  await using keys = openWorkspace('fake-bigquery-keys');
  const { env } = await fake.credentials(keys.folder);
  await using workspace = openWorkspace('fake-bigquery-check', { environment: env });
  const alike = await workspace.script(CHECK, fake.projectId, 'EU', fake.endpoint).ended;
  expect([alike.code, alike.stdout]).toEqual([0, expect.stringContaining('17 answers, 0 differ')]);
  expect(fake.requests.at(-1)).toMatchObject({ kind: 'delete-dataset', outcome: 204 });

  fake.faults.next({ kind: 'patch-table' }, { status: 403, reason: 'accessDenied', message: 'no' });
  const different = await workspace.script(CHECK, fake.projectId, 'EU', fake.endpoint).ended;
  expect(different.code).toBe(1);
  expect(different.stdout).toContain('a new column\n  asked: 403 accessDenied\n  fake:  done\n');
});
