import { join } from 'node:path';
import { expect } from 'vitest';
import { readTable } from '../../system/harness/table.ts';
import { until } from '../../system/harness/until.ts';
import type { Plan } from './plan.ts';
import type { Project } from './project.ts';

/** The table of slow points. */
export const SLOW = 'slow';

/** Plans `points` points that take so many seconds each, and note their starts in the file `note`, where one is given. */
export async function enqueueSlow(plan: Plan, project: Project, points: number, seconds: number, note?: string): Promise<void> {
  const experiment = join(plan.checkout, 'test', 'slurm', 'fixtures', 'slow.ts');
  const spec = { experiment, table_name: SLOW, params: [{ seed: { range: [0, points] }, seconds: [seconds], ...(note && { note: [note] }) }] };
  await project.sluice('enqueue', project.file('slow.json', JSON.stringify(spec)));
}

/** Resolves once `rows` rows are stored: a fault that comes now hits in mid-table. */
export async function underway(project: Project, rows: number): Promise<void> {
  await until(`${rows} points are stored`, () => storedOf(project) >= rows, 180_000);
}

/** Waits for all `points`, and checks that each is one row, at its first attempt, and that nothing failed. */
export async function expectComplete(project: Project, points: number, timeoutMs?: number): Promise<void> {
  await project.stored(SLOW, points, timeoutMs);
  const table = readTable(project.data, SLOW);
  expect(table).toMatchObject({ rows: points, keys: points, distinctKeys: points, distinctPoints: points, failures: 0, deadLetters: 0, attempts: 1 });
}

function storedOf({ data }: Project): number {
  try {
    return readTable(data, SLOW).rows;
  } catch {
    return 0; // its plan is not committed yet
  }
}
