import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openWorkspace } from '../harness/workspace.ts';
import { everythingIn } from './refusal.ts';

const MEASURED = join(import.meta.dirname, 'measured.ts');

/** How far the peak memory of a refusal may lie above that of a command which does nothing. */
const FACTOR = 1.5;

test('a block of 1e9 rows is refused before anything is allocated: memory and time are those of a command that does nothing', async () => {
  await using space = openWorkspace('memory');
  const cost = async (name: string, ...line: string[]): Promise<{ peakBytes: number; cpuSeconds: number }> => {
    await space.script(MEASURED, name, ...line).ended;
    return JSON.parse(readFileSync(join(space.folder, name), 'utf8')) as { peakBytes: number; cpuSeconds: number };
  };
  const nothing = await cost('nothing', 'run', '--blocks', '1', '--nrow', 'none');
  const refused = await cost('refused', 'run', '--blocks', '1000', '--nrow', '1e9', '--ncol', '1000');
  const many = await cost('many', 'run', '--blocks', '1e15');
  for (const each of [refused, many]) {
    expect(each.peakBytes).toBeLessThan(FACTOR * nothing.peakBytes);
    // Processor time, which neighbours on the machine do not lengthen much.
    expect(each.cpuSeconds).toBeLessThan(3 * nothing.cpuSeconds);
  }
  expect(everythingIn(space.folder)).toEqual(['many', 'nothing', 'refused']);
});
