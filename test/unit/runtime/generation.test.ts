import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { raiseGeneration, whenRaised } from '../../../runtime/generation.ts';
import { temporaryFolder } from './folder.ts';

test('every generation is one higher than the last, and one file tells of it', () => {
  const data = temporaryFolder();
  expect([1, 2, 3].map(() => raiseGeneration(data))).toEqual([1, 2, 3]);
  expect(readdirSync(join(data, 'generation'))).toEqual(['3']);
});

test('what is no number in the folder counts for nothing', () => {
  const data = temporaryFolder();
  mkdirSync(join(data, 'generation'));
  for (const name of ['.nfs0001', '7', 'note']) writeFileSync(join(data, 'generation', name), '');
  expect(raiseGeneration(data)).toBe(8);
});

test('whoever waits is told the generation that has overtaken his own, at once where it had before', async () => {
  const data = temporaryFolder();
  const own = raiseGeneration(data);
  const later = whenRaised(data, own, new AbortController().signal);
  const raised = raiseGeneration(data);
  expect(await later).toBe(raised);
  expect(await whenRaised(data, own, new AbortController().signal)).toBe(raised);
});

test('a wait that is ended tells of none, nor does one on a folder that is away', async () => {
  const stop = new AbortController();
  const waiting = whenRaised(join(temporaryFolder(), 'away'), 0, stop.signal);
  stop.abort();
  expect(await waiting).toBeUndefined();
});
