import { expect, test } from 'vitest';

import { pcg64FromSeed } from '../../../kernel/seed-sequence.ts';
import { fixture } from './fixtures.ts';

interface Streams {
  streams: { rng_seed: number; state: string; inc: string }[];
}

const { streams } = fixture('numpy-streams.json') as Streams;

test('pcg64FromSeed gives the state and increment of NumPy for 200 seeds', () => {
  const ours = streams.map(({ rng_seed }) => pcg64FromSeed(rng_seed));
  const theirs = streams.map(({ state, inc }) => ({ state: BigInt(state), increment: BigInt(inc) }));
  expect(streams).toHaveLength(200);
  expect(ours).toEqual(theirs);
});

// Read from NumPy 1.24.2: default_rng(seed).bit_generator.state, where seeds take one word or two.
const OTHER_SEEDS: [number, bigint, bigint][] = [
  [0, 0x1aa1b5345996452d09585eb7a69561e3n, 0x418ddadb3af71a82588133bc447873a9n],
  [4294967295, 0x4c233832246aa48cc57a3ce19c86ba9an, 0xda9580daf0fe872cad12d969e7b701fbn],
  [4294967296, 0x24d060cf1520dbdd21bbf7fbff1ac5d4n, 0x77ff3ed86c5c56337b62eea7340ca9c7n],
  [9007199254740991, 0x8dd8e9890636fb4825e34a0aec9cf768n, 0x85c85f36bf5552df48c02025110b2d93n],
  [8999999999990001, 0xfb2f8892866e9f4086e01006a1004dd5n, 0xfcaa386348c072d94594918df18f2359n],
];

test.each(OTHER_SEEDS)('pcg64FromSeed(%d) agrees with NumPy', (rngSeed, state, increment) => {
  expect(pcg64FromSeed(rngSeed)).toEqual({ state, increment });
});

test('pcg64FromSeed makes odd increments, and so sequences of full period', () => {
  for (let rngSeed = 0; rngSeed < 100; rngSeed++) expect(pcg64FromSeed(rngSeed).increment % 2n).toBe(1n);
});

test('pcg64FromSeed gives neighbouring seeds unrelated states', () => {
  const states = Array.from({ length: 1000 }, (_, rngSeed) => pcg64FromSeed(rngSeed).state);
  expect(new Set(states).size).toBe(1000);
});
