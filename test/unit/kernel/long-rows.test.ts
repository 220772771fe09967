import { expect, test } from 'vitest';

import { KernelMemory } from '../../../kernel/kernel-memory.ts';
import { loadKernel } from '../../../kernel/kernel.ts';
import { LONGEST_BASIS_VECTOR, layOut } from '../../../kernel/layout.ts';
import { iteratedTriple } from '../../../kernel/triple.ts';
import { instantiateKernel } from '../../../kernel/wasm.ts';
import { distanceUpToSign, expectTriple, randomMatrix } from './matrices.ts';

const kernel = await loadKernel();

// The triple by left vectors, for shapes whose rows are not long at all.
async function leftTriple(matrix: Float64Array, nrow: number, ncol: number) {
  const memory = new KernelMemory(await instantiateKernel());
  memory.layOut(nrow, ncol);
  const layout = layOut(memory.stream + memory.exports.streamBytes(), nrow, ncol, 'left');
  memory.doubles(layout.x, matrix.length).set(matrix);
  memory.doubles(layout.basis, nrow).fill(1 / Math.sqrt(nrow));
  return iteratedTriple(memory, layout);
}

test.each([[2, 2], [2, 300], [5, 255], [5, 256], [6, 257], [40, 1001], [100, 513]])(
  'a %d x %d matrix has the same triple by left vectors as by right ones',
  async (nrow, ncol) => {
    const shaped = randomMatrix(nrow, nrow, ncol);
    const left = await leftTriple(...shaped);
    const right = kernel.topTriple(...shaped);
    expectTriple(shaped, left);
    expect(Math.abs(left.sigma - right.sigma)).toBeLessThanOrEqual(1e-13 * right.sigma);
    expect(distanceUpToSign(left.v, right.v)).toBeLessThanOrEqual(1e-12);
    expect(distanceUpToSign(left.u, right.u)).toBeLessThanOrEqual(1e-12);
  },
);

test('a block of rows too long for a basis of their length is solved, drawn or given', () => {
  const block = { nrow: 3, ncol: LONGEST_BASIS_VECTOR + 1, rngSeed: 1, strength: 3 };
  const matrix = kernel.signalBlock(block);
  const drawn = kernel.signalBlockTriple(block);
  const given = kernel.topTriple(matrix, block.nrow, block.ncol);
  expectTriple([matrix, block.nrow, block.ncol], drawn);
  expect(distanceUpToSign(given.v, drawn.v)).toBeLessThanOrEqual(1e-12);
});

test('a column of a million entries is solved without a basis', () => {
  const block = { nrow: 1_000_000, ncol: 1, rngSeed: 1, strength: 3 };
  expectTriple([kernel.signalBlock(block), block.nrow, 1], kernel.signalBlockTriple(block));
});
