import { expect, test } from 'vitest';

import { loadKernel } from '../../../kernel/kernel.ts';
import { KernelError } from '../../../kernel/kernel-error.ts';
import { instantiateKernel } from '../../../kernel/wasm.ts';

const kernel = await loadKernel();
const BLOCK = { nrow: 3, ncol: 3, rngSeed: 1, strength: 3 };

function refusal(request: () => unknown): KernelError {
  try {
    request();
  } catch (error) {
    if (error instanceof KernelError) return error;
    throw error;
  }
  throw new Error('the request was not refused');
}

test.each([
  [0, 3], [3, 0], [-1, 3], [1.5, 3], [3, 2.5], [Number.NaN, 3], [Infinity, 1], [1e9, 1],
  [2 ** 14, 2 ** 14 + 1], [2 ** 28 + 1, 1],
])('a block of %d x %d is refused before anything is allocated', (nrow, ncol) => {
  const { code, message } = refusal(() => kernel.signalBlockTriple({ ...BLOCK, nrow, ncol }));
  expect(code).toBe('BAD_SHAPE');
  expect(message).toContain(`found ${nrow} x ${ncol}`);
});

test.each([-1, 0.5, 2 ** 53, Number.NaN, Infinity])('the seed %d is refused', (rngSeed) => {
  expect(refusal(() => kernel.signalBlock({ ...BLOCK, rngSeed })).code).toBe('BAD_SEED');
  expect(refusal(() => kernel.normals(rngSeed, 1)).code).toBe('BAD_SEED');
});

test.each([Number.NaN, Infinity, -Infinity, 1e200])('the strength %d is refused', (strength) => {
  expect(refusal(() => kernel.signalBlockTriple({ ...BLOCK, strength })).code).toBe('BAD_STRENGTH');
});

test('an array that does not fit its shape is refused', () => {
  const { code, message } = refusal(() => kernel.topTriple(new Float64Array(5), 2, 3));
  expect(code).toBe('BAD_SHAPE');
  expect(message).toBe('a 2 x 3 matrix has 6 entries; found an array of 5');
});

test.each([0, -1, 1.5, 4])('%d singular values of a 3 x 5 matrix are refused', (count) => {
  expect(refusal(() => kernel.topValues(new Float64Array(15), 3, 5, count)).code).toBe('BAD_COUNT');
});

test.each([0, -1, 0.5, 2 ** 28 + 1])('%d draws are refused', (n) => {
  expect(refusal(() => kernel.normals(1, n)).code).toBe('BAD_COUNT');
});

test.each([Number.NaN, Infinity, -Infinity])('a matrix that holds %d is refused, with the place', (x) => {
  for (const index of [0, 7, 11]) {
    const matrix = new Float64Array(12).fill(1);
    matrix[index] = x;
    const { code, message } = refusal(() => kernel.topTriple(matrix, 3, 4));
    expect(code).toBe('NOT_FINITE');
    expect(message).toContain(`found ${x} at row ${Math.floor(index / 4)}, column ${index % 4}`);
    expect(refusal(() => kernel.topValues(matrix, 3, 4, 2)).code).toBe('NOT_FINITE');
  }
});

test('a single row or column that holds NaN is refused too', () => {
  const line = Float64Array.of(1, Number.NaN, 2);
  expect(refusal(() => kernel.topTriple(line, 1, 3)).code).toBe('NOT_FINITE');
  expect(refusal(() => kernel.topTriple(line, 3, 1)).code).toBe('NOT_FINITE');
});

test('a refusal leaves the kernel as it was', () => {
  const before = kernel.signalBlockTriple(BLOCK);
  refusal(() => kernel.topTriple(Float64Array.of(Number.NaN), 1, 1));
  expect(kernel.signalBlockTriple(BLOCK)).toEqual(before);
});

test('a kernel that is not built says what to type', async () => {
  const missing = instantiateKernel(new URL('no-such-kernel.wasm', import.meta.url));
  await expect(missing).rejects.toMatchObject({
    code: 'KERNEL_NOT_BUILT',
    message: 'the kernel is not built: npm run build:kernel',
  });
});
