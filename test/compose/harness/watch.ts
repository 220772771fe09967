import { until } from '../../system/harness/until.ts';
import type { Project } from './project.ts';

/** Longest wait for a table to get somewhere: on a machine that has other work too. */
const PROGRESS_MS = 480_000;

/** What `sluice status --watch` tells of a table, from a container that no test kills. */
export interface Watch extends AsyncDisposable {
  /** Resolves with the stored rows once they are at least `rows`; throws where points have failed. */
  stored(rows: number): Promise<number>;
}

/** Watches a table that is planned, or about to be. */
export function watchTable(project: Project, table: string): Watch {
  const command = project.start(['run', '--rm', '--no-deps', '--no-TTY', 'reduce', 'status', table, '--watch', '--interval', '0.2', '--json']);
  const latest = (): { stored: number; failed: number } | undefined => {
    const line = command.stdout.split('\n').slice(0, -1).at(-1);
    return line === undefined ? undefined : (JSON.parse(line) as { stored: number; failed: number });
  };
  return {
    stored: async (rows) =>
      await until(`${table} has ${rows} rows`, () => {
        const seen = latest();
        if (seen !== undefined && seen.failed > 0) throw new Error(`${table}: ${seen.failed} points failed`);
        if (seen === undefined && command.gone) throw new Error(`the watch ended: ${command.stderr}`);
        return seen !== undefined && seen.stored >= rows && seen.stored;
      }, PROGRESS_MS),
    [Symbol.asyncDispose]: async () => void (await command.end('SIGINT')),
  };
}
