import { describe, expect, test } from 'vitest';
import { unlessHalted } from '../harness/stopwatch.ts';
import { readTable } from '../harness/table.ts';
import { openWorkspace, type Workspace } from '../harness/workspace.ts';
import { expectOneLine } from './refusal.ts';

/** Programs that do not do as they should, and what is told of them. */
const PROGRAMS: [title: string, source: string, says: RegExp, timeoutSeconds?: number][] = [
  ['prints nonsense', `console.log('hello')`, /hello|JSON/],
  ['prints a list', `console.log('[1, 2]')`, /object|row/i],
  ['prints half a row and dies', `process.stdout.write('{"y": ', () => process.exit(0))`, /ended|exit/],
  ['hangs', `setInterval(() => {}, 1000)`, /no answer within 3 s/, 3],
  ['dies by a signal', `process.kill(process.pid, 'SIGKILL')`, /SIGKILL|signal/],
  ['dies by an exit code', `console.error('no licence'); process.exit(7)`, /\b7\b/],
];

function program(space: Workspace, source: string, timeoutSeconds: number): void {
  // The point 0 goes well in all of them, so that one sees that the others do not block it.
  space.file('p.mjs', `import { createInterface } from 'node:readline';
createInterface({ input: process.stdin }).on('line', (line) => {
  const point = JSON.parse(line);
  if (point.x === 0) return void console.log(JSON.stringify({ ...point, y: 1 }));
  ${source};
});
`);
  const command = [process.execPath, 'p.mjs'];
  const experiment = { command, name: 'p', version: '1', timeoutSeconds };
  space.file('spec.json', { experiment, params: [{ x: [0, 1] }], table_name: 'p' });
}

describe.concurrent('a program that', () => {
  test.each(PROGRAMS)('%s fails its point alone: one line, exit code 1, the others stored, the failure recorded', async (_, source, says, timeoutSeconds = 300) => await unlessHalted(async () => {
    await using space = openWorkspace('program');
    program(space, source, timeoutSeconds);
    const end = await space.sluice('run', 'spec.json', '--json', '--attempts', '2').ended;
    expectOneLine(end, 1, says);
    expect(end.stderr).toMatch(/1 of 2 points failed.*npx sluice retry p/);
    expect(JSON.parse(end.stdout)).toMatchObject({ points: 2, computed: 1, failed: 1, reduce: null });
    expect(readTable(space.data, 'p')).toMatchObject({ rows: 1, failures: 1, deadLetters: 0 });
    expect(await space.json(['status', 'p'])).toMatchObject({ points: 2, stored: 1, failed: 1, waiting: 0, active: 0 });
  }));

  test('is not there fails every point, and says which', async () => {
    await using space = openWorkspace('no-program');
    const experiment = { command: ['no-such-program-here'], name: 'p', version: '1' };
    space.file('spec.json', { experiment, params: [{ x: [0, 1] }], table_name: 'p' });
    const end = await space.sluice('run', 'spec.json', '--json', '--attempts', '1').ended;
    expectOneLine(end, 1, /2 of 2 points failed.*no-such-program-here/);
    expect(JSON.parse(end.stdout)).toMatchObject({ computed: 0, failed: 2, secondsPerPoint: null, pointSeconds: null });
  });
});
