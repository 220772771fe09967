import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openWorkspace } from '../harness/workspace.ts';

test('export writes shortest round-trip numbers, quoted texts, vectors as columns, ordered by the parameters as numbers', async () => {
  await using space = openWorkspace('export');
  space.file('odd.mjs', `export const name = 'odd';
export const version = '1';
export const run = ({ a, b }) => ({ a, b, third: a / 3, least: 5e-324, big: 1e21, sum: 0.1 + 0.2, text: 'say "a, b"', yes: true, none: null, v: Float64Array.of(-0, a / 7) });
`);
  space.file('spec.json', { experiment: './odd.mjs', params: [{ a: [10, 9, -1, 2.5], b: ['y', 'x'] }], table_name: 'odd' });
  await space.json(['run', 'spec.json']);
  const file = join(space.folder, 'rows.csv');
  expect(await space.json(['export', 'odd', '--to', file])).toEqual({ table: 'odd', rows: 8, file });
  const points = [-1, 2.5, 9, 10].flatMap((a) => ['x', 'y'].map((b) => ({ a, b })));
  const [header, ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n');
  expect(header).toBe('a,b,third,least,big,sum,text,yes,none,v000,v001');
  const expected = points.map(({ a, b }) => new RegExp(`^${a},${b},${a / 3},5e-324,1e\\+21,0\\.30000000000000004,"say ""a, b""",(true|1),,-?0,${a / 7}$`));
  expect(lines).toHaveLength(expected.length);
  lines.forEach((line, index) => expect(line).toMatch(expected[index]!));
  const printed = await space.sluice('export', 'odd').ended;
  expect(printed.stdout).toBe(readFileSync(file, 'utf8'));
});

test('what is exported of svd-block is read back to the last bit', async () => {
  await using space = openWorkspace('export-svd');
  await space.json(['run', '--blocks', '3', '--nrow', '9', '--ncol', '4']);
  const { stdout } = await space.sluice('export').ended;
  const [header = '', ...lines] = stdout.trimEnd().split('\n');
  expect(header).toBe('nrow,ncol,seed,v_alignment,ve000,ve001,ve002,ve003');
  expect(lines.map((line) => line.split(',').slice(0, 3).join(','))).toEqual(['9,4,0', '9,4,1', '9,4,2']);
  for (const cell of lines.flatMap((line) => line.split(','))) expect(String(Number(cell))).toBe(cell);
});
