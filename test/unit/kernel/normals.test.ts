import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

import { loadKernel } from '../../../kernel/kernel.ts';
import { fixture } from './fixtures.ts';

interface Stream {
  rng_seed: number;
  first8: string[];
  xor_u64: string;
  sum_u64_mod_2_64: string;
}

const { streams } = fixture('numpy-streams.json') as { streams: Stream[] };
const kernel = await loadKernel();

// The bit patterns' exclusive or and their sum mod 2^64, by halves of 32 bits, whose sums stay below 2^53.
function checksums(draws: Float64Array): { xor: string; sum: string } {
  const halves = new Uint32Array(draws.buffer, draws.byteOffset, 2 * draws.length);
  let [xorLow, xorHigh, sumLow, sumHigh] = [0, 0, 0, 0];
  for (let i = 0; i < halves.length; i += 2) {
    const low = halves[i] ?? 0;
    const high = halves[i + 1] ?? 0;
    xorLow ^= low;
    xorHigh ^= high;
    sumLow += low;
    sumHigh += high;
  }
  const xor = (BigInt(xorHigh >>> 0) << 32n) | BigInt(xorLow >>> 0);
  const sum = BigInt.asUintN(64, (BigInt(sumHigh) << 32n) + BigInt(sumLow));
  return { xor: String(xor), sum: String(sum) };
}

// A second or two on an idle machine; a busy one may share its cores among many.
const STREAMS_TIMEOUT_MS = 120_000;

// C's hexadecimal notation of a double: sign, leading digit, 52 bits, power of two.
function fromHexFloat(text: string): number {
  const [, sign, digits = '', exponent] = /^(-?)0x1\.([0-9a-f]{13})p([+-]\d+)$/.exec(text) ?? [];
  const magnitude = (1 + Number.parseInt(digits, 16) / 2 ** 52) * 2 ** Number(exponent);
  return sign === '-' ? -magnitude : magnitude;
}

test('normals agrees with NumPy bit for bit on 200 streams of 1,000,000 draws', () => {
  expect(streams).toHaveLength(200);
  const differing = streams.filter(({ rng_seed, xor_u64, sum_u64_mod_2_64 }) => {
    const { xor, sum } = checksums(kernel.normals(rng_seed, 1_000_000));
    return xor !== xor_u64 || sum !== sum_u64_mod_2_64;
  });
  expect(differing).toEqual([]);
}, STREAMS_TIMEOUT_MS);

test('normals begins each stream with the draws that NumPy begins it with', () => {
  for (const { rng_seed, first8 } of streams) {
    expect([...kernel.normals(rng_seed, 8)]).toEqual(first8.map(fromHexFloat));
  }
});

test('normals(seed, n) is the beginning of any longer stream, whatever n is against the block of 512', () => {
  const long = kernel.normals(1, 3000);
  for (const n of [1, 2, 511, 512, 513, 1023, 1024, 1025, 2999]) {
    expect(kernel.normals(1, n)).toEqual(long.subarray(0, n));
  }
});

test('normals has the mean and variance of the normal law', () => {
  const n = 4_000_000;
  const draws = kernel.normals(12_345, n);
  const mean = draws.reduce((sum, x) => sum + x, 0) / n;
  const variance = draws.reduce((sum, x) => sum + (x - mean) ** 2, 0) / n;
  expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(n));
  expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt(2 / n));
});

test('normals reaches into the tail on both sides, where log1p is asked for', () => {
  const draws = kernel.normals(1, 1_000_000);
  const beyond = draws.filter((x) => Math.abs(x) > 3.6541528853610088);
  expect(beyond.length).toBeGreaterThan(200);
  expect(Math.max(...beyond)).toBeGreaterThan(4.2);
  expect(Math.min(...beyond)).toBeLessThan(-4.2);
});

test('the ziggurat tables of the sources are those of NumPy', () => {
  const source = new URL('../../../kernel/assembly/ziggurat-tables.ts', import.meta.url);
  const [, layers = '', densities = ''] = readFileSync(source, 'utf8').split('memory.data<u64>([');
  const patterns = (text: string): bigint[] => (text.match(/0x[0-9a-f]{16}/g) ?? []).map(BigInt);
  const { ki, wi_bits, fi_bits } = fixture('numpy-ziggurat-tables.json') as Record<string, string[]>;
  const pairs = ki?.flatMap((k, index) => [BigInt(k), BigInt(`0x${wi_bits?.[index]}`)]);
  expect(patterns(layers)).toEqual(pairs);
  expect(patterns(densities)).toEqual(fi_bits?.map((bits) => BigInt(`0x${bits}`)));
});
