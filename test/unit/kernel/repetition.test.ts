import { expect, test } from 'vitest';

import { loadKernel } from '../../../kernel/kernel.ts';
import { instantiateKernel } from '../../../kernel/wasm.ts';
import { randomMatrix } from './matrices.ts';

const LARGE = { nrow: 300, ncol: 200, rngSeed: 1, strength: 3 };
const OTHERS = [
  { nrow: 2, ncol: 2, rngSeed: 2, strength: 3 },
  { nrow: 1, ncol: 50, rngSeed: 3, strength: 3 },
  { nrow: 150, ncol: 400, rngSeed: 4, strength: 0 },
];

test('the same block gives the same bits again, whatever the memory held between', async () => {
  const kernel = await loadKernel();
  const first = kernel.signalBlockTriple(LARGE);
  for (const other of OTHERS) {
    kernel.signalBlockTriple(other);
    expect(kernel.signalBlockTriple(LARGE)).toEqual(first);
  }
  kernel.topValues(...randomMatrix(5, 90, 90), 4);
  expect(kernel.signalBlockTriple(LARGE)).toEqual(first);
});

test('a fresh kernel gives the bits that a used one gives', async () => {
  const used = await loadKernel();
  for (const other of OTHERS) used.signalBlockTriple(other);
  const fresh = await loadKernel();
  expect(fresh.signalBlockTriple(LARGE)).toEqual(used.signalBlockTriple(LARGE));
});

test('topTriple gives the same bits again, after growth of the memory too', async () => {
  const kernel = await loadKernel();
  const shaped = randomMatrix(6, 30, 20);
  const first = kernel.topTriple(...shaped);
  kernel.signalBlockTriple({ nrow: 1000, ncol: 700, rngSeed: 5, strength: 3 });
  expect(kernel.topTriple(...shaped)).toEqual(first);
});

test('what the kernel returned stays as it was when the kernel goes on', async () => {
  const kernel = await loadKernel();
  const triple = kernel.signalBlockTriple(LARGE);
  const kept = structuredClone(triple);
  for (const other of OTHERS) kernel.signalBlockTriple(other);
  kernel.signalBlockTriple({ nrow: 1000, ncol: 1000, rngSeed: 6, strength: 3 });
  expect(triple).toEqual(kept);
});

test('vectors returned take no more than their own bytes', async () => {
  const kernel = await loadKernel();
  const { u, v } = kernel.signalBlockTriple(LARGE);
  expect(u.buffer.byteLength).toBe(300 * 8);
  expect(v.buffer.byteLength).toBe(200 * 8);
});

test('memory does not grow from block to block', async () => {
  const { KernelMemory } = await import('../../../kernel/kernel-memory.ts');
  const { blockTriple } = await import('../../../kernel/signal-block.ts');
  const memory = new KernelMemory(await instantiateKernel());
  blockTriple(memory, LARGE);
  const { byteLength } = memory.exports.memory.buffer;
  for (let rngSeed = 0; rngSeed < 20; rngSeed++) blockTriple(memory, { ...LARGE, rngSeed });
  for (const other of OTHERS) blockTriple(memory, { ...other, ncol: 100 });
  expect(memory.exports.memory.buffer.byteLength).toBe(byteLength);
});
