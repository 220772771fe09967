import { readFile } from 'node:fs/promises';

import { KernelError } from './kernel-error.ts';
import { KERNEL_FILE } from './wasm-file.ts';

/** A WebAssembly.Memory: at most 4 GiB, grown by pages of 64 KiB; growing detaches the buffer. */
export interface KernelPages {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

// TypeScript's declaration of WebAssembly belongs to its browser library, which this project does not load.
declare const WebAssembly: {
  instantiate(bytes: Uint8Array): Promise<{ instance: { exports: unknown } }>;
};

/** The exports of dist/kernel.wasm (kernel/assembly/index.ts): addresses in bytes, lengths in doubles. */
export interface KernelExports {
  memory: KernelPages;
  firstFreeByte(): number;
  streamBytes(): number;
  openStream(stream: number, stateHigh: bigint, stateLow: bigint, addHigh: bigint, addLow: bigint): void;
  draw(stream: number, out: number, count: number): void;
  drawBlock(stream: number, x: number, nrow: number, ncol: number, spread: number, signal: number): void;
  drawBlockGram(
    stream: number, x: number, nrow: number, ncol: number, spread: number, signal: number,
    v: number, p: number, q: number,
  ): void;
  gramRight(x: number, nrow: number, ncol: number, v: number, p: number, q: number): void;
  gramLeft(x: number, nrow: number, ncol: number, u: number, p: number, q: number): void;
  combination(rows: number, count: number, length: number, factors: number, v: number): void;
  orthonormalize(
    rows: number, count: number, length: number, w: number, components: number, round: number, rest: number,
  ): number;
  norm(v: number, length: number): number;
  scale(v: number, length: number, factor: number): void;
  largest(v: number, length: number): number;
  residual(q: number, v: number, length: number, sigma: number): number;
  unit(v: number, length: number, sigma: number): number;
}

/** A new instance of the compiled kernel with its own memory; KERNEL_NOT_BUILT where the file is missing. */
export async function instantiateKernel(file: URL = KERNEL_FILE): Promise<KernelExports> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new KernelError('KERNEL_NOT_BUILT', 'the kernel is not built: npm run build:kernel', { cause });
  });
  const { instance } = await WebAssembly.instantiate(bytes);
  return instance.exports as KernelExports;
}
