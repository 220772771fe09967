/** The fake of BigQuery in a process of its own, which tells where it listens, and when asked what it got. */
import { startFakeBigQuery } from '../../test/fake-bigquery/server.ts';

/** Asked for by `report`. */
export interface FakeReport {
  readonly rows: number;
  readonly loadJobs: number;
  readonly bytes: number;
}

const fake = await startFakeBigQuery({ keepRows: 'digest' });
const table = process.argv[2] ?? '';
process.send?.({ name: fake.name, endpoint: fake.endpoint, project: fake.projectId });
process.on('message', () => {
  const bytes = fake.requests.filter(({ kind }) => kind === 'upload').reduce((sum, request) => sum + request.bytes, 0);
  process.send?.({ rows: fake.checksum('EMS', table).rows, loadJobs: fake.loadJobs('EMS', table), bytes } satisfies FakeReport);
});
