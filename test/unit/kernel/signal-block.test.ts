import { describe, expect, test } from 'vitest';

import { loadKernel, type SignalBlock } from '../../../kernel/kernel.ts';
import { doublesFromBase64, fixture } from './fixtures.ts';
import { distanceUpToSign, dot, expectTriple, norm } from './matrices.ts';

interface NumpyBlock {
  nrow: number;
  ncol: number;
  seed: number;
  v_alignment_numpy_sign: number;
  u_alignment_numpy_sign: number;
  sigma: number[];
  x_first3: number[];
  frobenius: number;
  v_f64le_base64: string;
}

const { blocks } = fixture('numpy-blocks.json') as { blocks: NumpyBlock[] };
const kernel = await loadKernel();

function blockOf({ nrow, ncol, seed }: NumpyBlock): SignalBlock {
  return { nrow, ncol, rngSeed: 1 + seed * 10_000, strength: 3 };
}

// The signal's vectors, (-1)^(i + shift) / sqrt(length).
function signalVector(length: number, shift: number): Float64Array {
  return Float64Array.from({ length }, (_, i) => (-1) ** (i + shift) / Math.sqrt(length));
}

test('the fixture holds the 19 blocks', () => {
  expect(blocks).toHaveLength(19);
});

describe.each(blocks)('the $nrow x $ncol block of seed $seed', (numpy) => {
  const { nrow, ncol } = numpy;
  const block = blockOf(numpy);
  const matrix = kernel.signalBlock(block);
  const triple = kernel.signalBlockTriple(block);

  test('has the entries that NumPy computes, bit for bit', () => {
    expect([...matrix.subarray(0, numpy.x_first3.length)]).toEqual(numpy.x_first3);
    const rounding = Number.EPSILON * Math.sqrt(nrow * ncol);
    expect(Math.abs(norm(matrix) - numpy.frobenius)).toBeLessThanOrEqual(rounding * numpy.frobenius);
  });

  test('has the top singular value and vector of LAPACK', () => {
    expect(Math.abs(triple.sigma - (numpy.sigma[0] ?? 0))).toBeLessThanOrEqual(1e-12);
    expect(distanceUpToSign(triple.v, doublesFromBase64(numpy.v_f64le_base64))).toBeLessThanOrEqual(1e-12);
  });

  test('has the alignments with the signal that NumPy found, up to sign', () => {
    const v = Math.abs(dot(triple.v, signalVector(ncol, 1)));
    const u = Math.abs(dot(triple.u, signalVector(nrow, 0)));
    expect(Math.abs(v - Math.abs(numpy.v_alignment_numpy_sign))).toBeLessThanOrEqual(1e-12);
    expect(Math.abs(u - Math.abs(numpy.u_alignment_numpy_sign))).toBeLessThanOrEqual(1e-12);
  });

  test('is solved to the residual promised, which belongs to the matrix returned', () => {
    expectTriple([matrix, nrow, ncol], triple);
  });

  test('has the largest singular values of LAPACK', () => {
    const expected = numpy.sigma.slice(0, 3);
    const values = kernel.topValues(matrix, nrow, ncol, expected.length);
    expected.forEach((sigma, i) => expect(Math.abs((values[i] ?? 0) - sigma)).toBeLessThanOrEqual(1e-12));
  });
});

test('signalBlock is the signal plus the normals over sqrt(nrow ncol), each rounded as NumPy rounds', () => {
  const [nrow, ncol, strength] = [7, 5, 3];
  const normals = kernel.normals(42, nrow * ncol);
  const [u, v] = [signalVector(nrow, 0), signalVector(ncol, 1)];
  const expected = normals.map((x, index) => {
    const signal = strength * ((u[Math.floor(index / ncol)] ?? 0) * (v[index % ncol] ?? 0));
    return signal + x / Math.sqrt(nrow * ncol);
  });
  expect(kernel.signalBlock({ nrow, ncol, rngSeed: 42, strength })).toEqual(expected);
});

test('signalBlock of strength 0 is the noise alone', () => {
  const normals = kernel.normals(7, 20);
  const expected = normals.map((x) => x / Math.sqrt(20));
  expect(kernel.signalBlock({ nrow: 4, ncol: 5, rngSeed: 7, strength: 0 })).toEqual(expected);
});

test('signalBlockTriple and topTriple of the same matrix agree', () => {
  const shapes = [[2, 2], [3, 2], [2, 3], [9, 17], [64, 63], [200, 3], [3, 200], [1, 9], [9, 1]] as const;
  for (const [nrow, ncol] of shapes) {
    const block = { nrow, ncol, rngSeed: 5, strength: 3 };
    const drawn = kernel.signalBlockTriple(block);
    const given = kernel.topTriple(kernel.signalBlock(block), nrow, ncol);
    expect(Math.abs(drawn.sigma - given.sigma)).toBeLessThanOrEqual(1e-13 * drawn.sigma);
    expect(distanceUpToSign(drawn.v, given.v)).toBeLessThanOrEqual(1e-12);
    expect(dot(drawn.v, given.v)).toBeGreaterThan(0);
  }
});

test('signalBlockTriple of a strong signal needs few passes over the matrix', () => {
  const { iterations } = kernel.signalBlockTriple({ nrow: 1000, ncol: 1000, rngSeed: 1, strength: 3 });
  expect(iterations).toBeLessThanOrEqual(7);
});
