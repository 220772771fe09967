import { expect, onTestFinished, test } from 'vitest';
import { startFakeBigQuery } from '../../fake-bigquery/server.ts';
import { until } from '../harness/until.ts';
import { openWorkspace } from '../harness/workspace.ts';

test('up --bigquery keeps storing while BigQuery is away, status says why it is behind, and upload asks its sink for the rest', async () => {
  await using space = openWorkspace('upload-services');
  const fake = await startFakeBigQuery();
  onTestFinished(async () => await fake[Symbol.asyncDispose]());
  await fake.stop();
  const at = ['--bigquery', fake.projectId, '--bigquery-endpoint', fake.endpoint];
  const up = space.sluice('up', '--json', ...at);
  await until('up is up', () => up.stdout.endsWith('}\n'));
  const consumer = space.sluice('consume', '--threads', '1');
  await space.json(['enqueue', '--blocks', '20', '--nrow', '20', '--ncol', '12']);
  await until('all is stored', async () => (await space.json(['status']))['stored'] === 20, 60_000);
  const upload = space.sluice('upload', ...at);
  const waiting = await until('status tells why', async () => {
    const [first] = (await space.json(['status']))['uploads'] as { error: string | null }[];
    return typeof first?.error === 'string' && first;
  }, 60_000);
  expect(waiting).toMatchObject({ target: 'fake-project.EMS', uploaded: 0, behind: 20, error: expect.stringContaining('BigQuery cannot be reached') as string, nextTryAtMs: expect.any(Number) as number });
  expect((await space.sluice('status').ended).stdout).toMatch(/BigQuery fake-project.EMS: 0 rows there, 20 behind; BigQuery cannot be reached .*; next try /);
  await fake.start();
  const end = await upload.ended;
  expect(end.code, end.stderr).toBe(0);
  expect(end.stdout).toContain('fake-project.EMS.svd_block is complete: all 20 rows are there');
  expect(fake.checksum('EMS', 'svd_block').rows).toBe(20);
  await consumer.end('SIGTERM');
  await up.end('SIGTERM');
});

test('without its key rows are stored all the same, and one line says what is missing', async () => {
  await using space = openWorkspace('upload-no-key');
  const end = await space.sluice('run', '--blocks', '5', '--nrow', '20', '--ncol', '12', '--bigquery', 'some-project', '--credentials', 'absent.json').ended;
  expect(end.code).toBe(0);
  expect(end.stdout).toContain('5 of 5 points stored');
  expect(end.stderr).toMatch(/sluice: BigQuery has not all rows of svd_block: there is no key file absent\.json here or in ~\/\.config\/gcloud\/; [^\n]*; `npx sluice upload svd_block` brings the rest\n/);
});

test('without --bigquery nothing asks for BigQuery, whatever the machine has of keys', async () => {
  await using keys = openWorkspace('upload-off-keys');
  const fake = await startFakeBigQuery();
  onTestFinished(async () => await fake[Symbol.asyncDispose]());
  const { env } = await fake.credentials(keys.folder);
  await using space = openWorkspace('upload-off', { environment: env });
  await space.json(['run', '--blocks', '5', '--nrow', '20', '--ncol', '12']);
  expect(fake.requests).toEqual([]);
});
