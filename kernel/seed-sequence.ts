/** A PCG64 generator before its first draw: both numbers are below 2^128, the increment is odd. */
export interface Pcg64 {
  state: bigint;
  increment: bigint;
}

// Constants of NumPy's SeedSequence (numpy/random/bit_generator.pyx), after O'Neill's seed_seq_fe (2015).
const POOL_WORDS = 4;
const INIT_A = 0x43b0d7e5;
const MULTIPLIER_A = 0x931e8875;
const INIT_B = 0x8b51f9dd;
const MULTIPLIER_B = 0x58f38ded;
const MIX_LEFT = 0xca01f9dd;
const MIX_RIGHT = 0x4973f715;

// PCG's default multiplier for 128 bits.
const PCG_MULTIPLIER = 0x2360ed051fc65da44385df649fccf645n;

/**
 * NumPy's `default_rng(rngSeed)` as PCG64's state and increment; rngSeed is an integer, 0 <= rngSeed < 2^53.
 */
export function pcg64FromSeed(rngSeed: number): Pcg64 {
  const words = stateWords(entropyPool(rngSeed));
  const [stateHigh = 0n, stateLow = 0n, streamHigh = 0n, streamLow = 0n] = words;
  const increment = BigInt.asUintN(128, ((streamHigh << 64n) | streamLow) * 2n + 1n);
  const start = increment + ((stateHigh << 64n) | stateLow);
  return { state: BigInt.asUintN(128, start * PCG_MULTIPLIER + increment), increment };
}

// Hashes one word after another, each with the next constant of a sequence.
function wordHash(initial: number, multiplier: number): (word: number) => number {
  let constant = initial;
  return (word) => {
    const mixed = word ^ constant;
    constant = Math.imul(constant, multiplier);
    const hashed = Math.imul(mixed, constant);
    return (hashed ^ (hashed >>> 16)) >>> 0;
  };
}

function mix(left: number, right: number): number {
  const mixed = Math.imul(MIX_LEFT, left) - Math.imul(MIX_RIGHT, right);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

function entropyPool(rngSeed: number): Uint32Array {
  const hash = wordHash(INIT_A, MULTIPLIER_A);
  const pool = new Uint32Array(POOL_WORDS);
  pool.set([rngSeed >>> 0, Math.floor(rngSeed / 2 ** 32)]);
  for (let i = 0; i < POOL_WORDS; i++) pool[i] = hash(pool[i] ?? 0);
  for (let from = 0; from < POOL_WORDS; from++) {
    for (let to = 0; to < POOL_WORDS; to++) {
      if (from !== to) pool[to] = mix(pool[to] ?? 0, hash(pool[from] ?? 0));
    }
  }
  return pool;
}

// Four words of 64 bits, each from two of 32, the lower first.
function stateWords(pool: Uint32Array): bigint[] {
  const hash = wordHash(INIT_B, MULTIPLIER_B);
  const half = (index: number): bigint => BigInt(hash(pool[index % POOL_WORDS] ?? 0));
  return [0, 2, 4, 6].map((index) => half(index) | (half(index + 1) << 32n));
}
