import { beforeAll, describe, expect, test, vi } from 'vitest';
import type { Cell } from '../../../store/database.ts';
import { readTable } from '../harness/table.ts';
import { openWorkspace } from '../harness/workspace.ts';
import { BLOCKS, POINTS, TABLE, disturbedRound } from './round.ts';

// A round waits most of its time for the locks of its killed consumer.
vi.setConfig({ maxConcurrency: 6 });

const ROUNDS = Array.from({ length: 20 }, (_, index) => index + 1);

/** Longest round: many run at once, and each waits for the locks of killed consumers. */
const ROUND_TIMEOUT_MS = 600_000;

let undisturbed: ReadonlyMap<string, readonly Cell[]>;

beforeAll(async () => {
  await using workspace = openWorkspace('undisturbed');
  const report = await workspace.json(['run', 'svd-block', '--blocks', String(POINTS), '--nrow', String(BLOCKS.nrow), '--ncol', String(BLOCKS.ncol)]);
  expect(report).toMatchObject({ points: POINTS, computed: POINTS, failed: 0 });
  undisturbed = readTable(workspace.data, TABLE).cells;
});

describe('a table is complete, has no point twice and the very values of an undisturbed run', () => {
  test.concurrent.each(ROUNDS)(
    'after consumers, the sink and Redis were killed at random moments and at both sides of a commit (round %i)',
    async (round) => {
      const { table, sinkDeaths, consumerDeaths, failedAttempts } = await disturbedRound(`chaos round ${round}`);
      expect(sinkDeaths).toBe(3);
      expect(consumerDeaths).toBe(1);
      expect(failedAttempts).toEqual([]);
      const { cells, ...counts } = table;
      expect(counts).toEqual({
        rows: POINTS,
        keys: POINTS,
        distinctKeys: POINTS,
        distinctPoints: POINTS,
        failures: 0,
        deadLetters: 0,
        attempts: 1,
      });
      expect(cells).toEqual(undisturbed);
    },
    ROUND_TIMEOUT_MS,
  );
});
