import { KernelError } from './kernel-error.ts';
import { type Layout, layOut } from './layout.ts';
import { pcg64FromSeed } from './seed-sequence.ts';
import type { KernelExports } from './wasm.ts';

const PAGE_BYTES = 65_536;
const MEBIBYTE = 2 ** 20;
const LOW_64_BITS = 2n ** 64n - 1n;

/** A kernel instance with its memory: one random stream, then whatever the last `layOut` asked for. */
export class KernelMemory {
  readonly exports: KernelExports;
  readonly stream: number;

  constructor(exports: KernelExports) {
    this.exports = exports;
    this.stream = exports.firstFreeByte();
  }

  /**
   * The layout for an nrow by ncol matrix, with room made for it; memory only ever grows, and is used again.
   */
  layOut(nrow: number, ncol: number): Layout {
    const layout = layOut(this.stream + this.exports.streamBytes(), nrow, ncol);
    const missing = layout.end - this.exports.memory.buffer.byteLength;
    if (missing > 0) this.#grow(Math.ceil(missing / PAGE_BYTES), layout.end);
    return layout;
  }

  /** A view of `count` doubles; valid until the memory grows. */
  doubles(address: number, count: number): Float64Array<ArrayBuffer> {
    return new Float64Array(this.exports.memory.buffer, address, count);
  }

  /** Begins the stream of NumPy's default_rng(rngSeed). */
  seed(rngSeed: number): void {
    const { state, increment } = pcg64FromSeed(rngSeed);
    this.exports.openStream(
      this.stream,
      state >> 64n,
      state & LOW_64_BITS,
      increment >> 64n,
      increment & LOW_64_BITS,
    );
  }

  #grow(pages: number, bytes: number): void {
    try {
      this.exports.memory.grow(pages);
    } catch (cause) {
      const mebibytes = Math.ceil(bytes / MEBIBYTE);
      throw new KernelError(
        'KERNEL_OUT_OF_MEMORY',
        `the kernel needs ${mebibytes} MiB for this matrix and could not get them: use smaller blocks`,
        { cause },
      );
    }
  }
}
