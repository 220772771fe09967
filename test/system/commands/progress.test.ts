import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startCommand } from '../harness/command.ts';
import { openWorkspace } from '../harness/workspace.ts';

const SLUICE = join(import.meta.dirname, '..', '..', '..', 'cli', 'sluice.mjs');
const LINE = ['run', '--blocks', '200', '--nrow', '60', '--ncol', '50', '--batch-rows', '5', '--batch-ms', '5'];

test('off a terminal a run prints a line at most every tenth, with count, seconds, seconds a point and what remains', async () => {
  await using space = openWorkspace('lines');
  const { stdout, stderr, code } = await space.sluice(...LINE).ended;
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).not.toContain('\r');
  const lines = stdout.split('\n').filter((line) => / of 200 points, /.test(line));
  expect(lines.length).toBeLessThanOrEqual(10);
  const counts = lines.map((line) => Number(/^(\d+) of/.exec(line)?.[1]));
  expect(counts).toEqual(counts.toSorted((a, b) => a - b));
  expect(new Set(counts.map((count) => Math.floor(count / 20))).size).toBe(counts.length);
  expect(lines.at(-1)).toMatch(/^200 of 200 points, \d+\.\d s, [\d.e-]+ s a point$/);
  for (const line of lines.slice(0, -1)) expect(line).toMatch(/^\d+ of 200 points, \d+\.\d s, [\d.e-]+ s a point, .+ left$/);
  expect(stdout).toMatch(/errorCombined/);
  expect(stdout).toMatch(/database .*sluice\.db3/);
  expect(stdout).toMatch(/npx sluice export svd_block/);
});

/** What takes a terminal back to the start of a line that is then empty. */
const WIPE = '\r\u001B[2K';

/** A terminal for the command comes from util-linux's script. */
const hasScript = spawnSync('script', ['-qec', 'true', '/dev/null']).status === 0;

test.skipIf(!hasScript && process.env['CI'] === undefined)('on a terminal a run draws a bar in place, and wipes it at the end (needs util-linux\'s script)', async () => {
  await using space = openWorkspace('bar');
  space.file('slow.mjs', `export const name = 'slow';
export const version = '1';
export async function run(point) {
  await new Promise((done) => setTimeout(done, 100));
  return { ...point, y: 1 };
}
`);
  space.file('spec.json', { experiment: './slow.mjs', params: [{ x: { range: [0, 12] } }] });
  const environment = { ...process.env, HOME: space.folder, TERM: 'xterm' };
  const command = `"${process.execPath}" "${SLUICE}" run spec.json --threads 2`;
  const { stdout, code } = await startCommand('script', ['-qec', command, '/dev/null'], space.folder, environment).ended;
  expect(code).toBe(0);
  const drawn = stdout.split(WIPE);
  expect(drawn.some((text) => /^\[[#.]{30}\] \d+\/12 {2}\d+\.\d\/s/.test(text))).toBe(true);
  expect(stdout).not.toMatch(/ of 12 points, \d/);
  expect(drawn.at(-1)).toMatch(/^12 of 12 points stored/);
});
