import { describe, expect, test } from 'vitest';

import { loadKernel } from '../../../kernel/kernel.ts';
import { doublesFromBase64, fixture } from './fixtures.ts';
import { distanceUpToSign, expectTriple } from './matrices.ts';

interface SmallGap {
  strength: number;
  seed: number;
  sigma: [number, number];
  v_f64le_base64: string;
}

const SIZE = 1000;
const { cases } = fixture('numpy-small-gaps.json') as { cases: SmallGap[] };
const kernel = await loadKernel();

describe.each(cases)('1000 x 1000 noise with a signal of strength $strength, seed $seed', (numpy) => {
  const block = { nrow: SIZE, ncol: SIZE, rngSeed: 1 + 10_000 * numpy.seed, strength: numpy.strength };
  const [sigma1, sigma2] = numpy.sigma;
  const matrix = kernel.signalBlock(block);
  // Both searches must get there: from the signal's vector, which is no help here, and from a random one.
  const triples = [kernel.signalBlockTriple(block), kernel.topTriple(matrix, SIZE, SIZE)];

  test('is solved to the residual promised, although the gap is small', () => {
    for (const triple of triples) expectTriple([matrix, SIZE, SIZE], triple);
  });

  test('has the vector of LAPACK, to what the gap allows', () => {
    for (const { sigma, v, residual } of triples) {
      const allowed = Math.max(1e-12, (8 * residual) / (sigma1 - sigma2));
      expect(Math.abs(sigma - sigma1)).toBeLessThanOrEqual(1e-12);
      expect(distanceUpToSign(v, doublesFromBase64(numpy.v_f64le_base64))).toBeLessThanOrEqual(allowed);
    }
  });

  test('has the two largest singular values of LAPACK', () => {
    const values = kernel.topValues(matrix, SIZE, SIZE, 2);
    expect(Math.abs((values[0] ?? 0) - sigma1)).toBeLessThanOrEqual(1e-12);
    expect(Math.abs((values[1] ?? 0) - sigma2)).toBeLessThanOrEqual(1e-12);
  });
});
