// Standard normal draws as NumPy's Generator.normal(0, 1) makes them: the ziggurat of Marsaglia and Tsang
// (2000).

import { log1p } from './log1p';
import { advance, cursor, next, refill, remaining } from './pcg64';
import { DENSITIES, LAYERS } from './ziggurat-tables';

// Where the tail begins, and its reciprocal (numpy/random/src/distributions/ziggurat_constants.h).
const TAIL_START: f64 = 3.6541528853610087963519472518;
const TAIL_SCALE: f64 = 0.27366123732975827203338247596;

const MANTISSA: u64 = 0x000fffffffffffff;
const SIGN: u64 = 0x8000000000000000;

@inline
function uniform(stream: usize): f64 {
  return <f64>(next(stream) >> 11) * (1.0 / 9007199254740992.0);
}

@inline
function layer(raw: u64): usize {
  return LAYERS + (<usize>(raw & 0xff) << 4);
}

@inline
function magnitude(raw: u64): u64 {
  return (raw >> 9) & MANTISSA;
}

// Bit 8 of the raw output is the sign; converting signed is one instruction and 52 bits never reach the sign.
@inline
function candidate(raw: u64, at: usize): f64 {
  const x = <f64>(<i64>magnitude(raw)) * load<f64>(at, 8);
  return reinterpret<f64>(reinterpret<u64>(x) ^ ((raw << 55) & SIGN));
}

// Marsaglia's exponential rejection beyond TAIL_START; the sign is the bit of the first output that NumPy
// takes.
function tail(stream: usize, raw: u64): f64 {
  while (true) {
    const x = -TAIL_SCALE * log1p(-uniform(stream));
    const y = -log1p(-uniform(stream));
    if (y + y > x * x) return (magnitude(raw) >> 8) & 1 ? -(TAIL_START + x) : TAIL_START + x;
  }
}

// The draws (about 1 in 85) whose first output did not settle them. exp only decides a comparison with a
// uniform of 53 bits: an exp good to one last place errs in fewer than one draw in 1e15, so its exact bits
// are not NumPy's.
function unsettled(stream: usize, first: u64): f64 {
  let raw = first;
  while (true) {
    const at = layer(raw);
    const x = candidate(raw, at);
    if (magnitude(raw) < load<u64>(at)) return x;
    const index = <usize>(raw & 0xff) << 3;
    if (index == 0) return tail(stream, raw);
    const outer = load<f64>(DENSITIES + index);
    const inner = load<f64>(DENSITIES + index - 8);
    if ((inner - outer) * uniform(stream) + outer < Math.exp(-0.5 * x * x)) return x;
    raw = next(stream);
  }
}

/** Writes the stream's next `count` draws at `out`. */
export function draw(stream: usize, out: usize, count: u32): void {
  const end = out + (<usize>count << 3);
  while (out < end) {
    if (remaining(stream) == 0) refill(stream);
    const stop = min(end, out + (<usize>remaining(stream) << 3));
    const start = out;
    let at = cursor(stream);
    let raw: u64 = 0;
    let settled = true;
    while (out < stop) {
      raw = load<u64>(at);
      at += 8;
      const step = layer(raw);
      store<f64>(out, candidate(raw, step));
      out += 8;
      if (magnitude(raw) >= load<u64>(step)) {
        settled = false;
        break;
      }
    }
    advance(stream, <u32>((out - start) >> 3));
    if (!settled) store<f64>(out - 8, unsettled(stream, raw));
  }
}
