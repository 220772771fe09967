/**
 * The check against a real project: `node test/fake-bigquery/check.ts PROJECT [LOCATION]` asks Google, with the
 * credentials in the environment, and the fake the same questions, and prints where they differ; exits with 1 if they do.
 */
import { BigQuery } from '@google-cloud/bigquery';
import { PassThroughClient } from 'google-auth-library';
import { probe } from './probes.ts';
import { startFakeBigQuery } from './server.ts';

const [projectId = '', location = 'EU', apiEndpoint] = process.argv.slice(2);
if (projectId === '') throw new Error('name the project: node test/fake-bigquery/check.ts PROJECT [LOCATION]');

await using fake = await startFakeBigQuery({ projectId });
const authClient = new PassThroughClient() as NonNullable<NonNullable<ConstructorParameters<typeof BigQuery>[0]>['authClient']>;
const imitated = await probe(new BigQuery({ projectId, apiEndpoint: fake.endpoint, authClient }), location);
const asked = await probe(new BigQuery({ projectId, ...(apiEndpoint !== undefined && { apiEndpoint }) }), location);

const differing = Object.keys(imitated).filter((question) => asked[question] !== imitated[question]);
process.stdout.write(`asked ${apiEndpoint ?? 'Google'}, and the ${fake.name}: ${Object.keys(imitated).length} answers, ${differing.length} differ\n`);
for (const question of differing) process.stdout.write(`${question}\n  asked: ${asked[question]}\n  fake:  ${imitated[question]}\n`);
process.exitCode = differing.length === 0 ? 0 : 1;
