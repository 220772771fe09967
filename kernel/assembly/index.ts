import { STREAM_BYTES } from './pcg64';

// What the kernel exports. Addresses are bytes in its memory; the caller lays it out from `firstFreeByte` on.

export { gramLeft, gramRight } from './gram';
export { draw } from './normals';
export { orthonormalize } from './orthonormalize';
export { openStream } from './pcg64';
export { drawBlock, drawBlockGram } from './signal-block';
export { combination, largest, norm, residual, scale, unit } from './vectors';

/** The address behind the kernel's own tables. */
export function firstFreeByte(): usize {
  return __heap_base;
}

/** Bytes that a random stream takes. */
export function streamBytes(): usize {
  return STREAM_BYTES;
}
