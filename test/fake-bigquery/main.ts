/**
 * The fake of BigQuery by hand: `node test/fake-bigquery/main.ts [--port 9050] [--project fake-project] [--digest]`
 * listens on loopback until Ctrl-C; what was stored is gone then.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startFakeBigQuery } from './server.ts';

const { values } = parseArgs({ options: { port: { type: 'string', default: '9050' }, project: { type: 'string', default: 'fake-project' }, digest: { type: 'boolean', default: false } } });
const folder = await mkdtemp(join(tmpdir(), 'fake-bigquery-'));
await using fake = await startFakeBigQuery({ port: Number(values.port), projectId: values.project, keepRows: values.digest ? 'digest' : 'rows' });
const { env } = await fake.credentials(folder);

process.stdout.write(`THIS IS A FAKE: ${fake.name}. Nothing that it takes reaches BigQuery, and nothing is kept when it ends.\n`);
process.stdout.write(`project ${fake.projectId} at ${fake.endpoint}\n`);
for (const [name, value] of Object.entries(env)) process.stdout.write(`export ${name}=${value}\n`);

await new Promise((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, resolve);
});
await rm(folder, { recursive: true });
