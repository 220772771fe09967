/**
 * `child-exists.ts PROJECT ENDPOINT`: a program that has BigQuery's credentials in its environment, as any has; prints
 * whether there is a dataset `d`, or why it cannot tell.
 */
import { BigQuery } from '@google-cloud/bigquery';

const [, , projectId = '', apiEndpoint = ''] = process.argv;
// Without a project the client 9.3.0 asks for one that is called `{{projectId}}`, though the key names one.
const client = new BigQuery({ projectId, apiEndpoint, autoRetry: false });

try {
  const [exists] = await client.dataset('d').exists();
  process.stdout.write(`${exists}\n`);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
