// PCG64 (XSL-RR 128/64): raw 64-bit outputs, made in blocks by four interleaved lanes.

// A stream in memory: four lane states, then what four steps add, each (high, low); the read position; the
// block.
const INCREMENT: usize = 64;
const POSITION: usize = 80;
const BLOCK: usize = 96;

/** Outputs in a block: 4 KiB of them, so that a block stays in the first-level cache. */
export const BLOCK_LENGTH: u32 = 512;

/** Bytes of a stream in memory. */
export const STREAM_BYTES: usize = BLOCK + (<usize>BLOCK_LENGTH << 3);

// PCG's multiplier, and the same to the fourth power mod 2^128, which makes four steps at once (Brown 1994).
const STEP_HIGH: u64 = 0x2360ed051fc65da4;
const STEP_LOW: u64 = 0x4385df649fccf645;
const STEP4_HIGH: u64 = 0xf4dd417327db7a9b;
const STEP4_LOW: u64 = 0xd194dfbe42d45771;

const LOW_WORD: u64 = 0xffffffff;

// The high half of a * b, from four 32-bit products.
@inline
function multiplyHigh(a: u64, b: u64): u64 {
  const a0 = a & LOW_WORD;
  const a1 = a >> 32;
  const b0 = b & LOW_WORD;
  const b1 = b >> 32;
  const middle = a1 * b0 + ((a0 * b0) >> 32);
  const other = a0 * b1 + (middle & LOW_WORD);
  return a1 * b1 + (middle >> 32) + (other >> 32);
}

// The high half of (high, low) * (byHigh, byLow) mod 2^128.
@inline
function productHigh(high: u64, low: u64, byHigh: u64, byLow: u64): u64 {
  return multiplyHigh(low, byLow) + high * byLow + low * byHigh;
}

// Writes at `to` one step of the generator from the state at `from`, with the increment (high, low).
function step(from: usize, to: usize, addHigh: u64, addLow: u64): void {
  const high = load<u64>(from);
  const low = load<u64>(from, 8);
  const nextLow = low * STEP_LOW + addLow;
  const carry = <u64>(nextLow < addLow);
  store<u64>(to, productHigh(high, low, STEP_HIGH, STEP_LOW) + addHigh + carry);
  store<u64>(to, nextLow, 8);
}

/** Begins a stream at a state and an increment of 128 bits each, as (high, low), with no block made yet. */
export function openStream(stream: usize, stateHigh: u64, stateLow: u64, addHigh: u64, addLow: u64): void {
  store<u64>(stream, stateHigh);
  store<u64>(stream, stateLow, 8);
  step(stream, stream, addHigh, addLow);
  for (let lane = stream; lane < stream + 48; lane += 16) step(lane, lane + 16, addHigh, addLow);
  // Four steps from zero leave what four steps add.
  const added = stream + INCREMENT;
  memory.fill(added, 0, 16);
  for (let i = 0; i < 4; i++) step(added, added, addHigh, addLow);
  store<u32>(stream, BLOCK_LENGTH, POSITION);
}

@inline
function output(high: u64, low: u64): u64 {
  return rotr<u64>(high ^ low, high >> 58);
}

@inline
function nextHigh(high: u64, low: u64, nextLow: u64, addHigh: u64, addLow: u64): u64 {
  return productHigh(high, low, STEP4_HIGH, STEP4_LOW) + addHigh + <u64>(nextLow < addLow);
}

/** Fills the stream's block with its next BLOCK_LENGTH outputs and rewinds its read position. */
export function refill(stream: usize): void {
  const addHigh = load<u64>(stream, INCREMENT);
  const addLow = load<u64>(stream, INCREMENT + 8);
  let high0 = load<u64>(stream, 0);
  let low0 = load<u64>(stream, 8);
  let high1 = load<u64>(stream, 16);
  let low1 = load<u64>(stream, 24);
  let high2 = load<u64>(stream, 32);
  let low2 = load<u64>(stream, 40);
  let high3 = load<u64>(stream, 48);
  let low3 = load<u64>(stream, 56);
  const end = stream + (<usize>BLOCK_LENGTH << 3);
  for (let at = stream; at < end; at += 32) {
    store<u64>(at, output(high0, low0), BLOCK);
    store<u64>(at, output(high1, low1), BLOCK + 8);
    store<u64>(at, output(high2, low2), BLOCK + 16);
    store<u64>(at, output(high3, low3), BLOCK + 24);
    const next0 = low0 * STEP4_LOW + addLow;
    const next1 = low1 * STEP4_LOW + addLow;
    const next2 = low2 * STEP4_LOW + addLow;
    const next3 = low3 * STEP4_LOW + addLow;
    high0 = nextHigh(high0, low0, next0, addHigh, addLow);
    high1 = nextHigh(high1, low1, next1, addHigh, addLow);
    high2 = nextHigh(high2, low2, next2, addHigh, addLow);
    high3 = nextHigh(high3, low3, next3, addHigh, addLow);
    low0 = next0;
    low1 = next1;
    low2 = next2;
    low3 = next3;
  }
  store<u64>(stream, high0, 0);
  store<u64>(stream, low0, 8);
  store<u64>(stream, high1, 16);
  store<u64>(stream, low1, 24);
  store<u64>(stream, high2, 32);
  store<u64>(stream, low2, 40);
  store<u64>(stream, high3, 48);
  store<u64>(stream, low3, 56);
  store<u32>(stream, 0, POSITION);
}

/** Outputs of the current block that are not read yet. */
@inline
export function remaining(stream: usize): u32 {
  return BLOCK_LENGTH - load<u32>(stream, POSITION);
}

/** Address of the next unread output; valid for `remaining` outputs. */
@inline
export function cursor(stream: usize): usize {
  return stream + BLOCK + (<usize>load<u32>(stream, POSITION) << 3);
}

/** Marks `count` outputs of the block as read. */
@inline
export function advance(stream: usize, count: u32): void {
  store<u32>(stream, load<u32>(stream, POSITION) + count, POSITION);
}

/** The next output, from a new block where the current one is used up. */
export function next(stream: usize): u64 {
  if (remaining(stream) == 0) refill(stream);
  const value = load<u64>(cursor(stream));
  advance(stream, 1);
  return value;
}
